package larch.tuner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import larch.backend.simd.CompiledKernels;
import larch.gemm.Epilogue;
import larch.gemm.EpilogueKernel;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmTuning;
import larch.gemm.MicroKernel;
import larch.gemm.MicroKernels;
import larch.gemm.Microtile;
import larch.gemm.Update;
import larch.gemm.TransposeKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who may be measured. In a JVM of its own: after tests of other vector widths, C2 no longer sees through the Vector API's
/// shared methods, and kernels of this width stay slow, which is what a trial refuses.
@Tag("fresh-jvm")
class GemmTrialTest {
    private static final GemmBlocking SHIPPED = GemmTuning.with(GemmBlocking.forVectorBits(128), Map.of("scalarWork", 0L));
    private static final GemmStage STAGE = new GemmStage("stage", 1, List.of(GemmShape.of("nn 24x36x20"), GemmShape.of("tn 9x13x7")),
            GemmBlocking::toString, List::of);

    /// Compiled kernels, with some of them spoiled.
    private record Kernels(MicroKernels compiled, Predicate<Microtile> fits, Predicate<Microtile> spoiled,
                           UnaryOperator<MicroKernel> spoil) implements MicroKernels {
        @Override
        public int lanes() {
            return compiled.lanes();
        }

        @Override
        public boolean fits(Microtile microtile) {
            return fits.test(microtile);
        }

        @Override
        public MicroKernel tile(Microtile microtile) {
            MicroKernel kernel = compiled.tile(microtile);
            return spoiled.test(microtile) ? spoil.apply(kernel) : kernel;
        }

        @Override
        public EpilogueKernel epilogue(Epilogue.Form form) {
            return compiled.epilogue(form);
        }

        @Override
        public TransposeKernel transpose() {
            return compiled.transpose();
        }
    }

    @Test
    void rightKernelsAreMeasured() {
        try (GemmTrial trial = trial(kernels(_ -> true, _ -> false, kernel -> kernel), Duration.ofSeconds(20))) {
            assertNull(trial.refusal("shipped"));
            assertNull(trial.refusal("4x2"));
            Map<String, Double> speeds = trial.speeds(List.of("shipped", "4x2"), 1);
            assertEquals(Set.of("shipped", "4x2"), speeds.keySet());
            speeds.values().forEach(speed -> assertTrue(speed > 0 && Double.isFinite(speed), speeds::toString));
        }
    }

    @Test
    void aKernelThatComputesWronglyIsRefused() {
        UnaryOperator<MicroKernel> offByOne = kernel -> (k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride,
                beta, c, cOffset, cRowStride, epilogue, row, column) -> {
            kernel.run(k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, c, cOffset, cRowStride,
                    epilogue, row, column);
            c[cOffset + 3]++;
        };
        try (GemmTrial trial = trial(kernels(_ -> true, tile -> tile.mr() == 4 && tile.vectors() == 2, offByOne), Duration.ofSeconds(20))) {
            assertNull(trial.refusal("shipped"));
            String why = trial.refusal("4x2");
            assertTrue(why.startsWith("nn 24x36x20: wrong values: row 0 of C times (1, 2, 3, ...) must be "), why);
        }
    }

    @Test
    void aKernelThatIsTooLongIsRefused() {
        Predicate<Microtile> fits = tile -> tile.mr() != 4 || tile.update() != Update.ADD;
        try (GemmTrial trial = trial(kernels(fits, _ -> false, kernel -> kernel), Duration.ofSeconds(20))) {
            assertEquals("the kernel is too long for the JVM's compilers", trial.refusal("4x2"));
        }
    }

    @Test
    void aKernelThatStaysSlowIsRefused() {
        UnaryOperator<MicroKernel> slow = kernel -> (k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride,
                beta, c, cOffset, cRowStride, epilogue, row, column) -> LockSupport.parkNanos(1_000_000);
        try (GemmTrial trial = trial(kernels(_ -> true, tile -> tile.mr() == 4 && tile.vectors() == 2, slow), Duration.ofMillis(1_500))) {
            String why = trial.refusal("4x2");
            assertEquals("the 4x8 kernel is still slow after 1500 ms", why);
        }
    }

    private static MicroKernels kernels(Predicate<Microtile> fits, Predicate<Microtile> spoiled, UnaryOperator<MicroKernel> spoil) {
        return new Kernels(CompiledKernels.of(128), fits, spoiled, spoil);
    }

    private static GemmTrial trial(MicroKernels kernels, Duration patience) {
        return new GemmTrial(STAGE, Map.of("shipped", SHIPPED, "4x2", GemmTuning.with(SHIPPED, Map.of("mr", 4L, "vectors", 2L))),
                kernels, patience, () -> 1);
    }
}
