package larch.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import larch.bench.report.PeerRow;
import larch.bench.workload.AttackBenchmark;
import larch.bench.workload.GemmBenchmark;
import larch.bench.workload.TrainingBenchmark;
import larch.fncf.bench.BenchmarkSuite.BenchmarkException;
import larch.fncf.bench.BenchmarkSuite.Request;
import larch.fncf.bench.BenchmarkSuite.Subject;
import larch.fncf.bench.BenchmarkSuite.Target;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The program behind `--peers`, without any of the frameworks.
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class PeersProgramTest {
    private static final Path PEERS = root().resolve("bench/peers");
    private static final String ATTACK = "pairs=1000,steps=1,iterations=100";
    private static final List<Workload> OURS = List.of(
            workload(GemmBenchmark.class, "sgemm-nn", "16x16x16", 1),
            workload(TrainingBenchmark.class, TrainingBenchmark.TEACHER, "batch=128", 1),
            workload(TrainingBenchmark.class, TrainingBenchmark.TEACHER, "batch=128", 2),
            workload(AttackBenchmark.class, AttackBenchmark.NAME, ATTACK, 2));

    @TempDir
    private Path folder;
    private Path state;

    @BeforeEach
    void makeState() throws IOException {
        state = Files.createDirectory(folder.resolve("state"));
    }

    @Test
    void theProgramIsToldEveryRowOfOursAndItsRowsAreRead() throws IOException {
        Path told = folder.resolve("told");
        List<PeerRow> rows = PeersProgram.run(request(program("""
                echo "$@" > '%s'
                echo '{"name": "sgemm-nn", "shape": "16x16x16", "peer": "MKL", "threads": 1, "gflops": 12.5}'
                """.formatted(told))), OURS);
        assertEquals("--quick sgemm-nn:16x16x16:1 train-teacher:batch=128:1 train-teacher:batch=128:2 attack-cw-strong-user:"
                + ATTACK + ":2\n", Files.readString(told));
        assertEquals(List.of(new PeerRow("sgemm-nn", "16x16x16", "MKL", 1, 12.5, Double.NaN, "")), rows);
    }

    @Test
    void anythingElseOnItsOutputIsOneClearLine() throws IOException {
        Path program = program("echo '{\"name\": \"a\", \"shape\": \"b\", \"peer\": \"c\"}'; echo 'Warning: odd'");
        var error = assertThrows(BenchmarkException.class, () -> PeersProgram.run(request(program), OURS));
        assertEquals(program + ", row 2: expected a JSON object, got: Warning: odd", error.getMessage());
    }

    @Test
    void aRowWithoutANameIsOneClearLine() throws IOException {
        Path program = program("echo '{\"shape\": \"b\", \"peer\": \"c\"}'");
        var error = assertThrows(BenchmarkException.class, () -> PeersProgram.run(request(program), OURS));
        assertEquals(program + ", row 1: expected text under \"name\", got: {\"shape\": \"b\", \"peer\": \"c\"}", error.getMessage());
    }

    @Test
    void aProgramThatFailsIsOneClearLine() throws IOException {
        Path program = program("exit 7");
        var error = assertThrows(BenchmarkException.class, () -> PeersProgram.run(request(program), OURS));
        assertEquals(program + " ended with exit code 7", error.getMessage());
    }

    /// A PATH with the tools of the script and nothing else.
    @Test
    void withoutPythonEveryFrameworkIsARowThatSaysSo() throws IOException {
        for (String tool : List.of("dirname", "mkdir", "tr")) {
            Path stub = Files.writeString(folder.resolve(tool), "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
            assertTrue(stub.toFile().setExecutable(true));
        }
        Path program = program("unset LARCH_PYTHON; PATH='" + folder + "' exec '" + PEERS.resolve("run") + "' \"$@\"");
        List<PeerRow> rows = PeersProgram.run(request(program), OURS.subList(1, OURS.size()));
        assertEquals("PyTorch train-teacher batch=128, JAX train-teacher batch=128, Keras train-teacher batch=128, foolbox "
                + "attack-cw-strong-user " + ATTACK, rows.stream().map(row -> row.peer() + " " + row.name() + " " + row.shape())
                .collect(Collectors.joining(", ")));
        assertTrue(rows.stream().allMatch(row -> row.note().equals("missing: no Python 3.11 or later")), rows::toString);
    }

    @Test
    void whereNothingMayBeFetchedEveryFrameworkIsARowThatSaysSo() throws IOException {
        assumeTrue(hasPython());
        List<PeerRow> rows = PeersProgram.run(request(program("LARCH_OFFLINE=1 exec python3 '" + PEERS.resolve("peers.py") + "' '"
                + state + "' \"$@\" 2>/dev/null")), OURS);
        assertEquals(List.of("PyTorch", "JAX", "Keras", "foolbox"), rows.stream().map(PeerRow::peer).toList());
        assertTrue(rows.stream().allMatch(row -> row.note().equals("missing: LARCH_OFFLINE forbids to install it")), rows::toString);
    }

    @Test
    void aFrameworkThatTakesTooLongIsGivenUp() throws IOException {
        assumeTrue(hasPython());
        assertEquals("pip install was not done after 0.2 s",
                python("peers.call('pip install', ['sleep', '60'], 0.2)"));
    }

    @Test
    void theLastLineOfAFrameworkThatFailsSaysWhy() throws IOException {
        assumeTrue(hasPython());
        assertEquals("a.py: wrong result",
                python("peers.call('a.py', ['sh', '-c', 'echo hello; echo wrong result >&2; exit 3'], 10)"));
    }

    @Test
    void whatALibraryPrintsAmongTheRowsIsNoRow() throws IOException {
        assumeTrue(hasPython());
        assertEquals("[{'peer': 'JAX'}]", python("raise peers.Missing(peers.rows_of('hello\\n{\"peer\": \"JAX\"}\\n7\\n'))"));
    }

    /// @return the message of the reason for which a framework is missing
    private String python(String code) throws IOException {
        Path script = folder.resolve("check.py");
        Files.writeString(script, """
                import sys
                sys.dont_write_bytecode = True
                sys.path.insert(0, '%s')
                import peers
                try:
                    %s
                except peers.Missing as reason:
                    print(reason)
                """.formatted(PEERS, code));
        Process process = new ProcessBuilder("python3", script.toString()).start();
        try (var out = process.inputReader()) {
            return out.lines().collect(Collectors.joining("\n"));
        }
    }

    private static boolean hasPython() {
        try {
            return new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))").start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while python3 ran", interrupted);
        }
    }

    private static Request request(Path program) {
        return new Request(Subject.ALL, true, program, null, Target.processor());
    }

    private Path program(String script) throws IOException {
        Path program = folder.resolve("run");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        assertTrue(program.toFile().setExecutable(true));
        return program;
    }

    private static Workload workload(Class<?> benchmark, String name, String shape, int threads) {
        return new Workload(benchmark, name, shape, threads, GemmBenchmark.work("16x16x16"), new Effort(1, 1, 1, 1, 1));
    }

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("bench/peers"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " has bench/peers");
    }
}
