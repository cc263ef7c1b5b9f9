package larch.opencl;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoclSignalsTest {
    @TempDir
    private Path folder;

    @Test
    void signalsAreChainedWhereTheLibraryIsMapped() throws IOException {
        assertTrue(PoclSignals.isChained(maps("7f00-7f01 r-xp 00000000 08:01 77 /opt/jdk/lib/libjsig.so")));
        assertFalse(PoclSignals.isChained(maps("7f00-7f01 r-xp 00000000 08:01 77 /opt/jdk/lib/server/libjvm.so")));
    }

    @Test
    void whatCannotBeKnownIsNoReasonToWarn() {
        assertTrue(PoclSignals.isChained(folder.resolve("none")));
    }

    private Path maps(String line) throws IOException {
        return Files.writeString(folder.resolve("maps"), "7e00-7e01 r--p 00000000 08:01 76 /usr/lib/libc.so.6\n" + line + "\n");
    }
}
