package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Who sees progress, and what is left of it.
class ProgressTest {
    private static final String CLEAR = "\r\033[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void work(Console console) {
        try (Progress progress = console.progress("counting", "samples")) {
            progress.at(10, 100);
            progress.at(50, 100);
            console.note("half of it");
            progress.at(100, 100);
        }
    }

    @Test
    void aPersonAtATerminalSeesABarThatLeavesNoTrace() {
        work(new Console(err, err, true, Duration.ZERO));
        assertTrue(shown().contains("counting"), shown());
        assertTrue(shown().contains("samples/s"), shown());
        assertTrue(shown().contains("larch: half of it\n"), shown());
        assertTrue(shown().endsWith(CLEAR), () -> shown().replace("\033", "ESC"));
    }

    @Test
    void aNoteNeverSharesALineWithTheBar() {
        Console console = new Console(err, err, true, Duration.ZERO);
        console.bar("10 %");
        console.note("a note");
        console.note("another");
        assertEquals("\r10 %\033[K" + CLEAR + "larch: a note\nlarch: another\n", shown());
    }

    @Test
    void workThatIsSoonDoneShowsNothing() {
        work(new Console(err, err, true, Duration.ofHours(1)));
        assertEquals("larch: half of it\n", shown());
    }

    @Test
    void aFileSeesNoBar() {
        work(new Console(err, err, false, Duration.ZERO));
        assertEquals("larch: half of it\n", shown());
    }

    @Test
    void quietIsQuiet() {
        Console console = new Console(err, err, true, Duration.ZERO);
        console.setQuiet(true);
        work(console);
        assertEquals("", shown());
        console.error("but errors are told");
        assertEquals("larch: but errors are told\n", shown());
    }
}
