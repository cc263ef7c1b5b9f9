package larch.machine;

import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The machine's peak of single-precision arithmetic: independent fused multiply-adds in registers.
///
/// ```java
/// double peak = PeakFlops.measure(Duration.ofSeconds(1)).oneCoreGflops();
/// ```
public final class PeakFlops {
    private static final List<VectorSpecies<Float>> WIDTHS =
            List.of(FloatVector.SPECIES_512, FloatVector.SPECIES_256, FloatVector.SPECIES_128);
    /// Its square, 1/4, is exact, and so is every sum of [FmaLoop#ITERATIONS] of them.
    private static final float X = 0.5f;
    /// So many calls make a round of about 5 ms at 100 GFLOP/s: short enough to fall between interruptions.
    private static final int CALLS_PER_ROUND = 64;

    private PeakFlops() {}

    /// The peak of one core with one vector width.
    /// @param vectorBits the width in bits
    /// @param gflops the peak in GFLOP/s; a fused multiply-add is two operations
    public record Width(int vectorBits, double gflops) {}

    /// The measured peaks.
    /// @param widths one core, each width that the machine has, widest first
    /// @param cores the number of cores that this process may use
    /// @param allCoresGflops all of them at once, with the best width, in GFLOP/s
    public record Result(List<Width> widths, int cores, double allCoresGflops) {
        /// Copies the list.
        public Result {
            widths = List.copyOf(widths);
        }

        /// @return the width that is fastest on one core
        public Width best() {
            return widths.stream().max(Comparator.comparingDouble(Width::gflops)).orElseThrow();
        }

        /// @return one core's peak in GFLOP/s, over all widths
        public double oneCoreGflops() {
            return best().gflops();
        }

        /// @return the result in one line
        @Override
        public String toString() {
            var text = new StringBuilder("FMA peak, one core:");
            for (Width width : widths) {
                text.append(String.format(Locale.ROOT, " %.1f GFLOP/s at %d bits,",
                        width.gflops(), width.vectorBits()));
            }
            return text.append(String.format(Locale.ROOT, " %d cores: %.1f", cores, allCoresGflops)).toString();
        }
    }

    /// Measures every width on one core, then all cores.
    /// @param budget the wall time to spend; below about half a second the loops may not be compiled in time
    /// @return the peaks
    /// @throws IllegalStateException if a result is not the exact value
    public static Result measure(Duration budget) {
        List<Integer> available = availableBits();
        Duration share = budget.dividedBy(available.size() + 1);
        List<Width> widths = new ArrayList<>();
        Loop best = null;
        for (int bits : available) {
            var loop = Loop.ofWidth(bits);
            var width = new Width(bits, loop.gflops(1, share));
            if (widths.stream().allMatch(other -> other.gflops() < width.gflops())) {
                best = loop;
            }
            widths.add(width);
        }
        int cores = Runtime.getRuntime().availableProcessors();
        return new Result(widths, cores, best.gflops(cores, share));
    }

    /// The loop compiled for one width.
    ///
    /// @param species the width
    /// @param handle  `float run(int iterations, float x)`
    public record Loop(VectorSpecies<Float> species, MethodHandle handle) {
        /// @param vectorBits a width that the machine has
        /// @return the loop, not yet compiled by C2: the first tenths of a second show less than the peak
        public static Loop ofWidth(int vectorBits) {
            VectorSpecies<Float> species = available().stream().filter(s -> s.vectorBitSize() == vectorBits).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("FMA peak: this machine has no vectors of " + vectorBits
                            + " bits; choose from " + availableBits()));
            return new Loop(species, FmaLoop.ofWidth(species));
        }

        /// @param threads how many run it at once
        /// @param budget  the wall time to spend
        /// @return the best rate of all of them together, in GFLOP/s
        public double gflops(int threads, Duration budget) {
            return BestRate.measure(threads, budget, CALLS_PER_ROUND * flopsPerCall(), thread -> {
                for (int i = 0; i < CALLS_PER_ROUND; i++) {
                    call();
                }
            });
        }

        /// @return the operations of one [#call]
        public double flopsPerCall() {
            return 2.0 * FmaLoop.ACCUMULATORS * species.length() * FmaLoop.ITERATIONS;
        }

        /// One run, its value compared with the exact one: every lane of accumulator j must be j + n/4.
        public void call() {
            float sum;
            try {
                sum = (float) handle.invokeExact(FmaLoop.ITERATIONS, X);
            } catch (Throwable e) {
                throw new IllegalStateException("FMA peak at " + species.vectorBitSize() + " bits: the loop failed", e);
            }
            int starts = FmaLoop.ACCUMULATORS * (FmaLoop.ACCUMULATORS - 1) / 2;
            int expected = species.length() * (starts + FmaLoop.ACCUMULATORS * (FmaLoop.ITERATIONS / 4));
            if (sum != expected) {
                throw new IllegalStateException("FMA peak at " + species.vectorBitSize() + " bits: the sum must be "
                        + expected + ", got " + sum);
            }
        }
    }

    /// @return the widths in bits that this machine has, widest first
    public static List<Integer> availableBits() {
        return available().stream().map(VectorSpecies::vectorBitSize).toList();
    }

    static List<VectorSpecies<Float>> available() {
        int widest = VectorSpecies.ofLargestShape(float.class).vectorBitSize();
        return WIDTHS.stream().filter(species -> species.vectorBitSize() <= widest).toList();
    }
}
