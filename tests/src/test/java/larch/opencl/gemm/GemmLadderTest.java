package larch.opencl.gemm;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every rung on the sizes that it is made for: the same bits as a chain of fma in Java, whatever its tiles.
@Tag("opencl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GemmLadderTest {
    private List<GemmBench> benches;

    @BeforeAll
    void open() {
        benches = GemmBench.all();
    }

    @AfterAll
    void close() {
        if (benches != null) {
            benches.forEach(GemmBench::close);
        }
    }

    @ParameterizedTest
    @MethodSource("larch.opencl.gemm.GemmKernel#ladder")
    void aRungComputesWholeTiles(GemmKernel rung) {
        check(rung, rung.defaults());
    }

    /// Numbers by which other branches of the macros are compiled: narrow vectors, oblong tiles, several warps.
    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of(GemmKernel.REGISTER, GemmParams.scalar(32, 16, 8, 8, 4)),
                Arguments.of(GemmKernel.VECTOR, new GemmParams(32, 16, 8, 8, 8, 1, 2, 1)),
                Arguments.of(GemmKernel.DOUBLE_BUFFER, new GemmParams(16, 64, 16, 4, 8, 4, 1, 2)),
                Arguments.of(GemmKernel.WARP, new GemmParams(64, 64, 8, 16, 8, 2, 2, 4)));
    }

    @ParameterizedTest
    @MethodSource("others")
    void aRungComputesWithOtherNumbers(GemmKernel rung, GemmParams params) {
        check(rung, params);
    }

    private void check(GemmKernel rung, GemmParams params) {
        SplittableRandom random = new SplittableRandom(rung.ordinal());
        int mwg = params.mwg();
        int nwg = params.nwg();
        int kwg = params.kwg();
        for (GemmBench bench : benches) {
            OpenClGemm gemm = new OpenClGemm(bench, rung, params, GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT);
            for (HostGemm g : List.of(
                    HostGemm.packed(random, mwg, nwg, kwg, 1, 0),
                    HostGemm.packed(random, mwg, 2 * nwg, 3 * kwg, -0.5f, 1),
                    HostGemm.packed(random, 2 * mwg, nwg, 2 * kwg, 1, -0.5f))) {
                g.check(bench, product -> gemm.run(product, GemmPath.WHOLE_TILES));
            }
            if (rung.anySize()) {
                HostGemm.packed(random, 2 * mwg + 1, nwg - 1, 5, -0.5f, 1)
                        .check(bench, product -> gemm.run(product, GemmPath.WHOLE_TILES));
            }
            bench.clear();
        }
    }
}
