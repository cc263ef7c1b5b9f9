package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A started program whose output goes to files, so that it can be long and is there whenever it is wanted.
record Program(Process process, Path out, Path err) {

    /// What a program printed, by lines, and its exit code.
    record Result(int code, List<String> out, List<String> err) {

        /// The only line on stderr.
        String line() {
            assertEquals(1, err.size(), () -> "lines on stderr: " + err);
            return err.getFirst();
        }
    }

    /// @param environment all of it: nothing is inherited
    static Program start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        return new Program(process, out, err);
    }

    /// Waits for the end. The JVM's own line about the incubator module is left out of stderr.
    Result finish() throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after 60 s: " + Files.readString(err));
        }
        List<String> lines = Files.readAllLines(err).stream()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules")).toList();
        return new Result(process.exitValue(), Files.readAllLines(out), lines);
    }

    /// Waits until the program has printed these words on stderr.
    void awaitErr(String words) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.readString(err).contains(words)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not printed: " + words + "; but: " + Files.readString(err));
            }
            Thread.sleep(20);
        }
    }
}
