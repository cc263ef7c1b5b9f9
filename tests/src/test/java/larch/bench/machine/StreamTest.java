package larch.bench.machine;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamTest {
    @Test
    void theTriadIsExactForAnyLength() {
        for (int floats : new int[] {1, 1023, 4099}) {
            Stream.Result result = Stream.measure(Duration.ofMillis(10), floats);
            assertAll(
                    () -> assertEquals(4L * floats, result.arrayBytes()),
                    () -> assertTrue(result.oneCoreGBs() > 0 && result.allCoresGBs() > 0, result::toString));
        }
    }

    @Test
    void aTriadThatWasNotRunIsRefused() {
        var error = assertThrows(IllegalStateException.class, () -> new Stream(10).verify());
        assertEquals("triad: element 1 of 10 must be 4, got 0.0", error.getMessage());
    }
}
