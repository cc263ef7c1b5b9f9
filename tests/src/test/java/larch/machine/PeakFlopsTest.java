package larch.machine;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A team that waits for ever is the likeliest mistake here.
@Timeout(60)
class PeakFlopsTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    @Test
    void thePeakIsMeasuredForEveryWidthOfTheMachine() {
        PeakFlops.Result result = PeakFlops.measure(SHORT);
        assertEquals(PeakFlops.available().stream().map(VectorSpecies::vectorBitSize).toList(),
                result.widths().stream().map(PeakFlops.Width::vectorBits).toList());
        assertAll(result.toString(),
                () -> assertTrue(result.widths().stream().allMatch(width -> width.gflops() > 0)),
                () -> assertEquals(result.oneCoreGflops(),
                        result.widths().stream().mapToDouble(PeakFlops.Width::gflops).max().orElseThrow()),
                () -> assertEquals(Runtime.getRuntime().availableProcessors(), result.cores()),
                () -> assertTrue(result.allCoresGflops() > 0));
    }

    @Test
    void aWrongSumIsNoPeak() throws ReflectiveOperationException {
        VectorSpecies<Float> species = PeakFlops.available().getLast();
        var right = new PeakFlops.Loop(species, FmaLoop.ofWidth(species));
        right.call();
        var wrong = new PeakFlops.Loop(species, MethodHandles.insertArguments(
                MethodHandles.lookup().findStatic(PeakFlopsTest.class, "offByOne",
                        MethodType.methodType(float.class, PeakFlops.Loop.class, int.class, float.class)),
                0, right));
        var error = assertThrows(IllegalStateException.class, wrong::call);
        assertTrue(error.getMessage().contains("the sum must be "), error.getMessage());
    }

    static float offByOne(PeakFlops.Loop right, int iterations, float x) throws Throwable {
        return (float) right.handle().invokeExact(iterations, x) + 1;
    }

    /// A round of 2 ms makes 1.5 units per ms for three threads and 0.5 for one: the bounds tell them apart.
    @Test
    void theRateIsThatOfTheWholeTeam() {
        var rounds = new AtomicIntegerArray(3);
        double perNano = BestRate.measure(3, SHORT, 1, thread -> {
            rounds.incrementAndGet(thread);
            LockSupport.parkNanos(2_000_000);
        });
        assertTrue(perNano > 0.6e-6 && perNano < 3e-6, () -> perNano * 1e6 + " units per ms");
        assertTrue(rounds.get(0) > 0 && rounds.get(0) == rounds.get(1) && rounds.get(0) == rounds.get(2),
                rounds::toString);
    }

    @Test
    void failingWorkIsReportedAndEndsTheTeam() {
        var error = assertThrows(IllegalStateException.class, () -> BestRate.measure(2, SHORT, 1, thread -> {
            if (thread == 1) {
                throw new IllegalStateException("no memory");
            }
        }));
        assertEquals("measuring a rate: no memory", error.getMessage());
    }
}
