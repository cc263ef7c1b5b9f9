package larch.gemm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import larch.backend.simd.CompiledKernels;
import larch.parallel.ThreadTeam;

/// Every way through the driver that a test machine can take, each forced by a blocking of its own. The
/// blocks are so small that small products have edges of every kind. Kernels are compiled ones, used cold, or
/// plain loops.
final class GemmPaths {
    /// Steps of one chain in all of [#all].
    static final int KC = 16;

    /// @param name what a failure should print
    record Path(String name, GemmDriver driver) {
    }

    private static final MicroKernels PLAIN = new MicroKernels() {
        private final MicroKernels compiled = CompiledKernels.of(256);

        @Override
        public int lanes() {
            return 8;
        }

        @Override
        public boolean fits(Microtile tile) {
            return tile.form().isNone();
        }

        @Override
        public MicroKernel tile(Microtile tile) {
            return new PlainKernel(tile.mr(), tile.vectors() * 8);
        }

        @Override
        public EpilogueKernel epilogue(Epilogue.Form form) {
            return compiled.epilogue(form);
        }

        /// None: turning in plain loops.
        @Override
        public TransposeKernel transpose() {
            return null;
        }
    };

    private static final ThreadTeam ONE = ThreadTeam.of(1);
    private static final ThreadTeam TWO = ThreadTeam.of(2);
    private static final ThreadTeam FOUR = ThreadTeam.of(4);
    /// One set for all tests, so that each kernel is compiled and warmed once.
    private static final Map<Integer, MicroKernels> KERNELS = Arrays.stream(CompiledKernels.widths()).boxed()
            .collect(Collectors.toMap(bits -> bits, CompiledKernels::of));
    private static final List<Path> ALL = build();

    private GemmPaths() {
    }

    static List<Path> all() {
        return ALL;
    }

    /// @return the driver as it ships, but with its kernels used cold
    static GemmDriver shipped(int bits, int threads) {
        ThreadTeam team = threads == 1 ? ONE : threads == 2 ? TWO : FOUR;
        GemmBlocking blocking = GemmBlocking.forVectorBits(bits);
        return new GemmDriver(team, KERNELS.get(bits), blocking, null);
    }

    private static List<Path> build() {
        List<Path> paths = new ArrayList<>();
        for (int bits : CompiledKernels.widths()) {
            MicroKernels compiled = KERNELS.get(bits);
            GemmBlocking ship = GemmBlocking.forVectorBits(bits);
            int[] shipped = {ship.mr(), ship.vectors(), ship.kUnroll()};
            GemmBlocking small = blocking(ship.lanes(), shipped, 0, Integer.MAX_VALUE);
            GemmBlocking blocked = blocking(ship.lanes(), shipped, 0, 0);
            paths.add(new Path("small " + bits, driver(ONE, compiled, small)));
            paths.add(new Path("small on 4 threads " + bits, driver(FOUR, compiled, small)));
            paths.add(new Path("blocked " + bits, driver(ONE, compiled, blocked)));
            paths.add(new Path("blocked on 2 threads " + bits, driver(TWO, compiled, blocked)));
            paths.add(new Path("blocked on 4 threads " + bits, driver(FOUR, compiled, blocked)));
            int[] odd = {3, 2, 3};
            paths.add(new Path("small 3x2 " + bits,
                    driver(ONE, compiled, blocking(ship.lanes(), odd, 0, Integer.MAX_VALUE))));
            paths.add(new Path("blocked 3x2 " + bits, driver(ONE, compiled, blocking(ship.lanes(), odd, 0, 0))));
        }
        int[] tile = {4, 2, 1};
        paths.add(new Path("scalar", driver(ONE, PLAIN, blocking(8, tile, Long.MAX_VALUE, 0))));
        paths.add(new Path("plain kernels, small", driver(ONE, PLAIN, blocking(8, tile, 0, Integer.MAX_VALUE))));
        paths.add(new Path("plain kernels, blocked", driver(TWO, PLAIN, blocking(8, tile, 0, 0))));
        return List.copyOf(paths);
    }

    private static GemmDriver driver(ThreadTeam team, MicroKernels kernels, GemmBlocking blocking) {
        return new GemmDriver(team, kernels, blocking, null);
    }

    private static GemmBlocking blocking(int lanes, int[] tile, long scalarWork, int unpackedFloats) {
        return new GemmBlocking(lanes, tile[0], tile[1], tile[2], 2 * tile[0] + 1, KC, 2 * tile[1] * lanes, 5 * tile[1] * lanes,
                scalarWork, unpackedFloats, 0, 0);
    }
}
