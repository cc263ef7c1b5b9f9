package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import larch.fncf.train.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// What the program says about itself, and about a command line that it does not understand.
class UsageTest {
    @TempDir
    private Path folder;

    /// @return every command, such as `data fetch`
    static List<String> commands() {
        CommandLine root = Larch.commandLine(new Console(System.out, System.err, false, Duration.ZERO));
        List<String> names = new ArrayList<>();
        root.getSubcommands().forEach((name, command) -> {
            names.add(name);
            command.getSubcommands().keySet().forEach(inner -> names.add(name + " " + inner));
        });
        return names;
    }

    @Test
    void withoutArgumentsItNamesTheThreeMostUsefulCommands() {
        Program program = Program.line("").fine();
        assertEquals(3, program.out().lines().filter(l -> l.startsWith("  ./larch ")).count());
        assertTrue(program.out().contains("./larch reproduce"));
        assertTrue(program.out().lines().count() < 10);
        assertEquals("", program.err());
    }

    @Test
    void helpListsEveryCommandAndTheExitCodes() {
        String help = Program.line("--help").fine().out();
        for (String command : commands()) {
            assertTrue(command.contains(" ") || help.contains("\n  " + command + " "), command);
        }
        assertTrue(help.contains("2   wrong usage or bad input"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpOfEachCommandHasAnExampleAndFitsTheTerminal(String command) {
        Program program = Program.line(command + " --help").fine();
        String example = program.out().substring(program.out().indexOf("Example:"));
        assertTrue(example.contains("./larch " + command), example);
        assertTrue(program.out().lines().allMatch(line -> line.length() <= 100), program.out());
        assertEquals("", program.err());
    }

    @Test
    void helpNamesEveryMethod() {
        for (String command : List.of("train", "reproduce")) {
            String help = Program.line(command + " --help").out();
            Method.ALL.forEach(method -> assertTrue(help.contains(method.name()), method.name()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "trian | unknown command 'trian'; did you mean train? (see `./larch --help`)",
        "data fecth | unknown command 'fecth'; did you mean fetch? (see `./larch data --help`)",
        "xyzzy | unknown command 'xyzzy' (see",
        "train --epocs 3 | unknown option '--epocs'; did you mean --epochs? (see `./larch train --help`)",
        "train --epocs=3 | unknown option '--epocs'; did you mean --epochs?",
        "version now | unexpected argument 'now' (see `./larch version --help`)",
        "evaluate | missing required option: '--model=FILE'",
        "train --json | '--json'",
        "train --epochs x | '--epochs'",
        "train --epochs 1,2 | --epochs: FNCF has 1 stage (labels T=10.0); expected as many numbers, such as 20, got 2",
        "train --method multi --epochs 9 | has 3 stages (hint hidden1, hint hidden2, distillation T=10.0); "
            + "expected as many numbers, such as 10,10,10, got 1",
        "train --epochs 0 | --epochs: expected at least 1, got 0",
        "train --method FCNF | got 'FCNF'; did you mean FNCF?",
        "train --sigma 0.1 | --sigma: FNCF has no noise layers",
        "train --sites fc1 | --sites: FNCF has no noise layers",
        "train --method single --sigma -1 | --sigma: train: sigma must be finite and >= 0, got -1.0",
        "train --method single --sites fc3 | --sites: expected one of user-side, item-side, fc1, fc2, out, got 'fc3'; did you mean fc1?",
        "train --adam lasy | --adam: expected one of dense, lazy, got 'lasy'; did you mean lazy?",
        "train --select best | --select: expected last or val, got 'best'",
        "train --batch-size 0 | --batch-size: expected at least 1, got 0",
        "train --learning-rate -1 | --learning-rate",
        "train --negatives -1 | --negatives: expected at least 0, got -1",
        "train --factors 0 | --factors: expected at least 1, got 0",
        "train --teacher x | --teacher: FNCF has no teacher",
        "train --teacher-epochs 2 | --teacher-epochs: FNCF has no teacher",
        "train --method distill --teacher x --teacher-epochs 2 | --teacher-epochs: the teacher is given",
        "train -o data.tie=lst | data.tie: expected one of [last, first,",
        "train -o dat.tie=last | expected one of [data.items, data.tie",
        "train -o neg.count=x | neg.count: expected a whole number",
        "train --negatives 3 -o neg.count=2 | --negatives: also given as neg.count",
        "data -o neg.count=2 | --data-option: neg.count is about training",
        "reproduce --sigmas 0,x | '--sigmas'",
        "reproduce --sigmas -1 | --sigmas: expected finite numbers of at least 0, got -1.0",
        "reproduce --sigmas 0.1 --methods FNCF | --sigmas: none of the methods has noise layers",
        "reproduce --profile fast | profile: expected quick or paper, got 'fast'",
        "reproduce --methods FNCF,Sinlge | got 'Sinlge'",
        "reproduce --seeds 0 | --seeds: expected at least 1, got 0",
        "attack --model m --mode paepr | --mode: expected one of paper, strong, unbounded, got 'paepr'; did you mean paper?",
        "attack --model m --c 1 | --c: the mode strong searches c",
        "attack --model m --mode paper --c 0 | --c: expected positive numbers, got 0.0",
        "attack --model m --mode paper --search-steps 2 | --search-steps: the paper mode keeps c fixed",
        "attack --model m --iterations 0 | --iterations: expected at least 1, got 0",
        "attack --model m --pairs 0 | --pairs: expected at least 1, got 0",
        "attack --model m --loss hing | --loss: expected one of hinge, logit, probability, got 'hing'; did you mean hinge?",
        "attack --model m --confidence -1 | --confidence: attack: confidence must be at least 0",
        "evaluate --model m --users 0 | --users: expected at least 1, got 0",
        "recommend --model m --user 1 --top 0 | --top: expected at least 1, got 0",
        "recommend --model m --user 1 --attack 1 --profile a=b | mutually exclusive",
        "gradcheck matmull | gradcheck: there is no op 'matmull'; did you mean matmul?",
        "gradcheck xyzzy | there are add, sub, mul",
        "completion fish | completion: expected one of [bash, zsh], got 'fish'",
        "train --threads 0 | --threads: expected at least 1, got 0",
        "train --vector-bits 100 | --vector-bits: vectorBits: expected 0 (preferred), 128, 256 or 512, got 100",
        "train --backend cuda | there is no 'cuda'; choose one of",
        "train --backend reference --threads 2 | --threads: the backend reference compiles no kernels and runs in one thread",
        "train --backend reference --vector-bits 128 | --vector-bits: the backend reference",
        "train --backend reference --tuning shipped | --tuning: the backend reference",
        "train --device 0 | --device: the processor is no device; choose --backend opencl, or leave the option out",
        "evaluate --model m --backend simd --device cpu | --device: the processor is no device",
        "train --backend reference --kernel-times | --kernel-times: the processor is no device",
        "train --tuning nowhere.tuning | tuning nowhere.tuning: cannot be read (java.nio.file.NoSuchFileException",
        "tune --minutes 0 | --minutes: expected more than 0 and at most 1440, got 0.0",
        "tune --minutes x | '--minutes'",
        "tune --minuts 1 | unknown option '--minuts'; did you mean --minutes? (see `./larch tune --help`)",
        "tune --threads 0 | --threads: expected at least 1, got 0",
        "tune --vector-bits 100 | --vector-bits: vectorBits: expected 0 (preferred), 128, 256 or 512, got 100",
        "tune --backend cuda | --backend: expected one of simd, opencl, got 'cuda'",
        "tune --backend simd --device 0 | --device: the processor is no device",
        "tune --device 0 --threads 2 | --threads: is about the processor's kernels",
        "tune --backend opencl --vector-bits 128 | --vector-bits: is about the processor's kernels",
        "tune --backend opencl --dump-kernels p | --dump-kernels: is about the processor's kernels",
        "tune --file / | --file: expected a file, got the folder /; add a file name",
        "bench gemm --backend cuda | --backend: expected one of simd, opencl, got 'cuda'",
        "bench gemm --backend opencll | got 'opencll'; did you mean opencl?",
        "bench gemm --device 0 | --device: the processor is no device; choose --backend opencl",
        "bench gemm --kernel-times | --kernel-times: the processor is no device",
        "bench kernels --backend opencl | bench: the subject kernels has no rows for opencl; choose gemm, step, attack, all",
        "bench evaluation --backend opencl | bench: the subject evaluation has no rows for opencl",
        "bench gemm --backend opencl --peers | --peers: is about the processor's rows",
        "bench gemm --backend opencl --plots p | --plots: is about the processor's rows",
        "bench gemm --backend opencl --dump-kernels p | --dump-kernels: is about the processor's rows",
        "data fetch ml-2m | data fetch: expected one of ml-100k, ml-1m",
    })
    void aMistakeIsOneLineThatNamesIt(String line, String message) {
        // No default folder may appear in the working directory of the tests.
        boolean writes = line.startsWith("train") || line.startsWith("reproduce");
        Program.line(line.strip() + (writes ? " --out " + folder : "")).refused(message.strip());
    }

    @Test
    void theVersionIsOneLine() {
        Program program = Program.line("--version").fine();
        assertEquals(1, program.out().lines().count());
        assertTrue(program.out().startsWith("larch "), program.out());
    }

    /// Help must come at once: it may load neither a backend nor data.
    @Test
    void helpLoadsNoBackendAndNoData() throws IOException, InterruptedException {
        Path log = folder.resolve("classes.log");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-Xlog:class+load:file=" + log, "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "--help")
                .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile()).start();
        assertEquals(0, process.waitFor());
        List<String> loaded = Files.readAllLines(log).stream().map(l -> l.replaceAll(".*\\] | source:.*", "")).toList();
        assertTrue(loaded.contains(Larch.class.getName()), "the log is of another run");
        for (String forbidden : List.of("larch.backend.simd.", "larch.fncf.data.EmbeddedData", "jdk.incubator.vector.",
                "com.fasterxml.jackson.databind.ObjectMapper")) {
            assertFalse(loaded.stream().anyMatch(name -> name.startsWith(forbidden)), () -> forbidden + " was loaded");
        }
    }
}
