package larch.bench.machine;

import java.time.Duration;
import java.util.Locale;
import larch.machine.BestRate;

/// The machine's memory bandwidth: the triad `a[i] = b[i] + s · c[i]` of McCalpin's STREAM, on `float` arrays.
///
/// As in STREAM, a triad moves three arrays (two read, one written); the extra read by which most processors fetch
/// a line before writing it is not counted.
public final class Stream {
    /// Per array: 128 MiB, four times a last-level cache of 32 MiB, as STREAM asks.
    private static final int DEFAULT_FLOATS = 1 << 25;
    private static final float S = 3;

    private final float[] a;
    private final float[] b;
    private final float[] c;

    /// Small whole numbers: every triad is exact.
    Stream(int floats) {
        a = new float[floats];
        b = new float[floats];
        c = new float[floats];
        for (int i = 0; i < floats; i++) {
            b[i] = i & 1023;
            c[i] = i & 511;
        }
    }

    /// The measured bandwidths.
    /// @param arrayBytes the size of each of the three arrays
    /// @param oneCoreGBs one core, in 10^9 bytes per second
    /// @param cores the number of cores that this process may use
    /// @param allCoresGBs all of them at once, in 10^9 bytes per second
    public record Result(long arrayBytes, double oneCoreGBs, int cores, double allCoresGBs) {
        /// @return the result in one line
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "triad, 3 arrays of %d MiB, one core: %.1f GB/s, %d cores: %.1f",
                    arrayBytes >> 20, oneCoreGBs, cores, allCoresGBs);
        }
    }

    /// Measures with three arrays of 128 MiB. A last-level cache of more than 32 MiB needs longer ones.
    /// @param budget the wall time to spend, the filling of the arrays (about 0.1 s) not counted
    /// @return the bandwidths
    /// @throws IllegalStateException if a result is not the exact value
    public static Result measure(Duration budget) {
        return measure(budget, DEFAULT_FLOATS);
    }

    /// Measures with arrays of any size; small ones measure a cache.
    /// @param budget the wall time to spend
    /// @param floats the length of each array
    /// @return the bandwidths
    /// @throws IllegalStateException if a result is not the exact value
    public static Result measure(Duration budget, int floats) {
        var stream = new Stream(floats);
        Duration share = budget.dividedBy(2);
        int cores = Runtime.getRuntime().availableProcessors();
        double one = stream.rate(1, share);
        double all = stream.rate(cores, share);
        return new Result((long) floats * Float.BYTES, one, cores, all);
    }

    private double rate(int threads, Duration budget) {
        double bytesPerRound = bytes() / threads;
        double rate = BestRate.measure(threads, budget, bytesPerRound, thread -> {
            int from = (int) ((long) a.length * thread / threads);
            int to = (int) ((long) a.length * (thread + 1) / threads);
            triad(a, b, c, S, from, to);
        });
        verify();
        return rate;
    }

    /// @return the bytes that one pass moves
    double bytes() {
        return 3.0 * Float.BYTES * a.length;
    }

    /// One pass over the whole arrays.
    void pass() {
        triad(a, b, c, S, 0, a.length);
    }

    // Static with the arrays as parameters: C2 vectorises the loop without reloading fields.
    private static void triad(float[] a, float[] b, float[] c, float s, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] = b[i] + s * c[i];
        }
    }

    /// Compares every element with the exact value, then clears the result for the next check.
    void verify() {
        for (int i = 0; i < a.length; i++) {
            int expected = (i & 1023) + 3 * (i & 511);
            if (a[i] != expected) {
                throw new IllegalStateException("triad: element " + i + " of " + a.length + " must be " + expected
                        + ", got " + a[i]);
            }
            a[i] = 0;
        }
    }
}
