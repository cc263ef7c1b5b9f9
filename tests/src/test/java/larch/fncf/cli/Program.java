package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// One run of the program inside the test.
///
/// @param code exit code
/// @param out  standard output
/// @param err  standard error
record Program(int code, String out, String err) {
    /// @param arguments the command line
    /// @return what came of it
    static Program run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(arguments, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Program(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// @param line a command line without quotes
    /// @return what came of it
    static Program line(String line) {
        return run(line.isEmpty() ? new String[0] : line.split(" "));
    }

    /// In a JVM of its own, because a process looks for drivers only once.
    /// @param environment variables that differ from this process's
    /// @param arguments   the command line
    /// @return what came of it, without the JVM's warnings
    static Program forked(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("larch", ".out");
        Path err = Files.createTempFile("larch", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the forked JVM did not end within 60 s: " + Files.readString(err));
            }
            return new Program(process.exitValue(), Files.readString(out), Files.readString(err).lines()
                    .filter(line -> !line.startsWith("WARNING: ")).collect(Collectors.joining("\n")));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /// @return this, after a run that went well
    Program fine() {
        assertEquals(0, code, err);
        return this;
    }

    /// @param parts what the one line on standard error must contain
    /// @return this, after wrong usage or bad input
    Program refused(String... parts) {
        return failed(2, parts);
    }

    /// @param expected the exit code
    /// @param parts    what the last line on standard error must contain; the lines before are notes
    /// @return this
    Program failed(int expected, String... parts) {
        assertEquals(expected, code, err);
        List<String> lines = err.lines().filter(l -> !l.matches("larch: (note|backend \\w+): .*")).toList();
        assertEquals(1, lines.size(), err);
        assertTrue(lines.getFirst().startsWith("larch: "), err);
        for (String part : parts) {
            assertTrue(lines.getFirst().contains(part), () -> "expected '" + part + "' in: " + err);
        }
        assertEquals("", out);
        return this;
    }

    /// @return standard output as JSON
    JsonNode json() {
        try {
            return new ObjectMapper().readTree(out);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + out, e);
        }
    }
}
