package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import larch.opencl.OpenClDevices;
import larch.opencl.probe.Probe;
import larch.opencl.probe.Probes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `bench/gpu/run` from end to end on whatever OpenCL device there is. Without a GPU the values are checked
/// all the same, and what only NVIDIA has says so.
@EnabledOnOs(OS.LINUX)
class GpuRunTest {
    @TempDir Path folder;

    @Test
    void everyProbeAnswers() throws Exception {
        OpenClDevices devices = OpenClDevices.discover();
        assumeTrue(!devices.all().isEmpty(), () -> "skipped: " + devices.listing().detail());
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", folder.toString(),
                "LARCH_GPU_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "LARCH_GPU_CLASSPATH", System.getProperty("java.class.path")));
        // The kernels that earlier tests built.
        Stream.of("POCL_CACHE_DIR", "OCL_ICD_VENDORS", "XDG_CACHE_HOME").filter(name -> System.getenv(name) != null)
                .forEach(name -> environment.put(name, System.getenv(name)));
        Path out = folder.resolve("out");
        Program.Result result = Program.start(folder, environment, List.of("bash",
                Sandbox.REPOSITORY.resolve("bench/gpu/run").toString(), "probe", out.toString())).finish();
        String log = String.join("\n", result.out());
        assertEquals(0, result.code(), log);
        assertTrue(result.out().getLast().startsWith("=== done in "), log);
        assertEquals(result.out(), Files.readAllLines(out.resolve("log.txt")));

        boolean nvidia = devices.at(0).info().vendor().contains("NVIDIA");
        List<String> record = Files.readAllLines(out.resolve("probes.jsonl"));
        for (Probe probe : Probes.all()) {
            List<String> answers = record.stream().filter(line -> line.contains("\"id\":\"" + probe.id() + "\""))
                    .toList();
            assertEquals(2, answers.size(), () -> probe.id() + ": begun and answered in " + answers + log);
            String answer = answers.getLast();
            if (!nvidia) {
                boolean needsNvidia = probe.id().matches("E1.*|E3.*|E4.*|.*ptx.*");
                assertEquals(needsNvidia, answer.contains("\"answer\":\"not applicable\""), answer);
                boolean mayRefuse = probe.id().matches("E2.*-(64|96|160|224)K")
                        && devices.at(0).info().localMemoryBytes() < 224 << 10;
                assertTrue(mayRefuse || !answer.contains("\"answer\":\"no\""), answer);
            }
        }
    }

    @Test
    void anUnknownStageIsRefused() throws Exception {
        Program.Result result = Program.start(folder, Map.of("PATH", System.getenv("PATH")),
                List.of("bash", Sandbox.REPOSITORY.resolve("bench/gpu/run").toString(), "prob")).finish();
        assertEquals(2, result.code());
        assertEquals("run: expected the stage probe, tables or all, got 'prob'", result.line());
    }

    @Test
    void ourTimesAreSetBesideTheMeanOfTheVendors() throws Exception {
        assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(place ->
                Files.isExecutable(Path.of(place, "python3"))), "skipped: python3 is not on this machine");
        String header = "M,K,N,mode,us,tflops,relerr\n";
        Path before = Files.writeString(folder.resolve("before"), header + "128,256,128,fp32,10,0.8,1e-7\n");
        Path after = Files.writeString(folder.resolve("after"), header + "128,256,128,fp32,20,0.4,1e-7\n"
                + "128,128,64,tf32,1,2.1,1e-4\n");
        Path ours = Files.writeString(folder.resolve("ours"), header + "128,256,128,warp,7.5,1.1,1e-7\n");
        Program.Result result = Program.start(folder, System.getenv(), List.of("python3", "-B",
                Sandbox.REPOSITORY.resolve("bench/gpu/compare.py").toString(), "join", before.toString(),
                after.toString(), ours.toString())).finish();
        assertEquals(0, result.code(), () -> result.err().toString());
        assertEquals(2, result.out().size(), () -> result.out().toString());
        assertTrue(result.out().getLast().matches(" +128x256x128 +warp +7\\.50 +1\\.100 +1e-7 +2\\.00x( +-){3}"),
                () -> result.out().toString());
    }
}
