package larch.opencl;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import larch.device.DeviceListing.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user sees where OpenCL is missing or broken: always a state and a sentence, never a stack trace, and
/// never the end of the process. Each state is made in a JVM of its own, because a process asks only once.
@Tag("opencl")
class OpenClStatesTest {
    private static final String NO_LOADER = "-D" + LoaderProbe.LIBRARY_PROPERTY + "=libNoSuchOpenCL.so.9";

    @TempDir
    Path folder;

    @Test
    void withoutALoader() throws Exception {
        Report report = run(Map.of(), NO_LOADER);
        report.isCalm();
        assertAll(report.toString(),
                () -> assertEquals("NO_DRIVER", report.line("state")),
                () -> assertEquals("no OpenCL loader: cannot open libNoSuchOpenCL.so.9; fix: -Dlarch.opencl.library "
                        + "must name an OpenCL loader; without it the usual one is taken", report.line("detail")),
                () -> assertEquals("NO_DRIVER", report.line("again")),
                () -> assertTrue(report.line("refused").startsWith("opencl device: index 0 fits no device")));
    }

    @Test
    void withALibraryThatIsNoLoader() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: names a library of Linux");
        Report report = run(Map.of(), "-D" + LoaderProbe.LIBRARY_PROPERTY + "=libc.so.6");
        report.isCalm();
        assertEquals("BROKEN", report.line("state"), report.toString());
        assertTrue(report.line("detail").contains("has no function clGetPlatformIDs"), report.toString());
    }

    @Test
    void withALoaderButNoPlatform() throws Exception {
        needsLoader();
        Report report = run(Map.of("OCL_ICD_VENDORS", folder.toString()));
        report.isCalm();
        assertAll(report.toString(),
                () -> assertEquals("NO_DEVICES", report.line("state")),
                () -> assertTrue(report.line("detail").contains("no driver is registered with it")),
                () -> assertTrue(report.line("detail").contains("(OCL_ICD_VENDORS is set to '" + folder + "')")),
                () -> assertTrue(report.line("detail").contains("; fix: install PoCL")),
                () -> assertTrue(report.line("refused").contains("there is none")));
    }

    @Test
    void withADriverFileWhoseLibraryIsMissing() throws Exception {
        needsLoader();
        assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: driver files are a thing of Linux");
        Path file = Files.writeString(folder.resolve("lost.icd"), "libnvidia-opencl-lost.so.1\n");
        Files.writeString(folder.resolve("notes.txt"), "libno-driver-file.so");
        for (Path vendors : List.of(folder, file)) {
            Report report = run(Map.of("OCL_ICD_VENDORS", vendors.toString()));
            report.isCalm();
            assertAll(report.toString(),
                    () -> assertEquals("NO_DEVICES", report.line("state")),
                    () -> assertTrue(report.line("detail").contains("is here, but the driver file " + file
                            + " names the library 'libnvidia-opencl-lost.so.1', which is missing or cannot be opened "
                            + "(OCL_ICD_VENDORS is set to '" + vendors + "'); fix: install that driver again, or")),
                    () -> assertFalse(report.line("detail").contains("no driver is registered")),
                    () -> assertFalse(report.line("detail").contains("libno-driver-file")));
        }
    }

    @Test
    void whereJoclCannotUnpackItsLibrary() throws Exception {
        OpenClMachine.devices();
        Report report = run(Map.of(), "-Djava.io.tmpdir=" + folder.resolve("missing"));
        report.isCalm();
        assertEquals("BROKEN", report.line("state"), report.toString());
        assertTrue(report.line("detail").contains("JOCL unpacks its native library into java.io.tmpdir")
                && report.line("detail").contains("; fix: start Java with -Djava.io.tmpdir="), report.toString());
    }

    @Test
    void unpackedFilesAreGoneAtOnce() throws Exception {
        OpenClMachine.devices();
        assumeTrue(!System.getProperty("os.name").startsWith("Windows"), "skipped: Windows keeps a loaded file");
        Report report = run(Map.of(), "-Djava.io.tmpdir=" + folder);
        report.isCalm();
        assertEquals("AVAILABLE", report.line("state"), report.toString());
        try (var left = Files.list(folder)) {
            List<String> names = left.map(file -> file.getFileName().toString().toLowerCase(Locale.ROOT)).toList();
            assertEquals(List.of(), names.stream().filter(name -> name.contains("jocl")).toList());
        }
    }

    @Test
    void withoutALinkerPoclIsRefusedBeforeItAborts() throws Exception {
        OpenClDevice device = OpenClMachine.devices().at(0);
        assumeTrue(device.info().platformName().equals("Portable Computing Language"), "skipped: not a PoCL device");
        // An empty cache: a kernel built before needs no linker.
        Report report = run(Map.of("PATH", "", "POCL_CACHE_DIR", folder.resolve("cache").toString()));
        report.isCalm();
        assertEquals("AVAILABLE", report.line("state"), report.toString());
        assertTrue(report.line("refused").contains("PoCL needs the linker 'ld', which is not on PATH ('')"),
                report.toString());
    }

    @Test
    void wherePoclCannotCache() throws Exception {
        OpenClDevice device = OpenClMachine.devices().at(0);
        assumeTrue(device.info().platformName().equals("Portable Computing Language"), "skipped: not a PoCL device");
        Path file = Files.createFile(folder.resolve("file"));
        Report report = run(Map.of("POCL_CACHE_DIR", file.resolve("cache").toString()));
        report.isCalm();
        assertEquals("NO_DEVICES", report.line("state"), report.toString());
        assertTrue(report.line("detail").contains("platform 'Portable Computing Language' reports no device")
                && report.line("detail").contains("POCL_CACHE_DIR"), report.toString());
    }

    @Test
    void anotherLoaderIsUsedByJoclToo() throws Exception {
        OpenClMachine.devices();
        assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: only Linux finds open libraries by soname");
        Path usual = Path.of(run(Map.of()).line("mapped"));
        Path other = Files.copy(usual, folder.resolve("libOpenCL-copy.so"));
        Report report = run(Map.of(), "-D" + LoaderProbe.LIBRARY_PROPERTY + "=" + other);
        report.isCalm();
        assertEquals(List.of(other.toString()), report.all("mapped"), "the loader chosen must be the only one in use");
        assertTrue(report.line("check").startsWith("ok: "), report.toString());
    }

    private static void needsLoader() {
        OpenCl openCl = OpenCl.instance();
        boolean loader = openCl.state() != State.NO_DRIVER;
        if (!loader) {
            System.out.println("skipped: " + openCl.detail());
        }
        assumeTrue(loader, () -> "skipped: " + openCl.detail());
    }

    /// What a forked JVM said.
    private record Report(int exit, String out, String err) {
        /// It came to its end and complained to nobody. (The JVM itself warns about incubator modules and a
        /// missing temporary folder; that is no complaint of ours.)
        void isCalm() {
            assertAll(toString(),
                    () -> assertEquals(0, exit),
                    () -> assertEquals(List.of(), err.lines().filter(line -> !line.startsWith("WARNING:")).toList()),
                    () -> assertFalse(out.contains("\tat ")));
        }

        List<String> all(String key) {
            return out.lines().filter(line -> line.startsWith(key + " ")).map(line -> line.substring(key.length() + 1))
                    .toList();
        }

        String line(String key) {
            List<String> lines = all(key);
            assertEquals(1, lines.size(), () -> "one line '" + key + "' in " + this);
            return lines.getFirst();
        }
    }

    private Report run(Map<String, String> environment, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.add(OpenClReport.class.getName());
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the forked JVM did not end within 120 s: " + Files.readString(err));
        }
        return new Report(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
