package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import larch.backend.BackendUnavailableException;
import larch.device.DeviceException;
import larch.device.UnknownDeviceException;
import larch.fncf.data.DataException;
import larch.fncf.train.TrainingException;
import org.junit.jupiter.api.Test;

/// The exit code and the line of everything that a command may throw.
class FailuresTest {
    private static void assertHandled(int code, String line, Throwable failure) {
        assertEquals(line, handled(code, failure));
    }

    private static String handled(int code, Throwable failure) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Failures failures = new Failures(new Console(stream, stream, false, Duration.ZERO), () -> false);
        assertEquals(code, failures.handle(failure));
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void whatTheUserCanMendIsTwo() {
        assertHandled(2, "larch: --x: wrong", UserError.of("--x", "wrong"));
        assertHandled(2, "larch: a: expected b, got c; d", DataException.of("a", "b", "c", "d"));
        assertHandled(2, "larch: no such backend", new BackendUnavailableException("no such backend"));
        assertHandled(2, "larch: no such device", new UnknownDeviceException("no such device"));
    }

    @Test
    void aFailedRunIsOne() {
        assertHandled(1, "larch: it failed", new Failure("it failed"));
        assertHandled(1, "larch: the loss is NaN", new TrainingException("the loss is NaN"));
        assertHandled(1, "larch: no driver", new DeviceException("no driver"));
        assertHandled(1, "larch: cannot read or write: disk full", new IOException("disk full"));
        assertHandled(1, "larch: cannot read or write: /x: no such file", new NoSuchFileException("/x"));
    }

    @Test
    void whatNobodyExpectedSaysHowToReportIt() {
        assertHandled(1, "larch: internal error: java.lang.IllegalStateException: oops; please report it, with what `--debug`"
                + " shows", new IllegalStateException("oops"));
        assertTrue(handled(1, new OutOfMemoryError()).contains("LARCH_JAVA_OPTS=-Xmx8g"));
    }

    /// An argument that is wrong deep inside is a mistake of the program; only at an option is it the user's.
    @Test
    void illegalArgumentsAreTheUsersOnlyWhereTheyAreGuarded() {
        assertTrue(handled(1, new IllegalArgumentException("k is 3")).startsWith("larch: internal error"));
        try {
            UserError.guard("--k", () -> {
                throw new IllegalArgumentException("k is 3");
            });
        } catch (UserError error) {
            assertHandled(2, "larch: --k: k is 3", error);
        }
    }
}
