package larch.bench.peers;

import java.util.Arrays;
import java.util.List;
import larch.bench.workload.Product;

/// Measures one library in a process of its own, for libraries do not unload and threads are set once:
/// `GemmProgram PEER KERNELS THREADS MILLIS NAME:SHAPE...`. It prints a line `NAME SHAPE GFLOPS` for each product.
final class GemmProgram {
    private static final int REPEATS = 5;
    private static final double GIGA = 1e9;

    private GemmProgram() {
    }

    public static void main(String[] args) {
        long nanos = Long.parseLong(args[3]) * 1_000_000;
        try (GemmLibrary library = GemmPeer.valueOf(args[0]).open(Integer.parseInt(args[2]), args[1])) {
            for (String row : List.of(args).subList(4, args.length)) {
                String[] parts = row.split(":");
                Product product = Product.of(parts[0], parts[1]);
                GemmLibrary.Ready ready = library.prepare(product);
                ready.run();
                product.verify(ready.result());
                double flops = 2.0 * product.m() * product.n() * product.k();
                System.out.println(product.name() + " " + product.shape() + " " + flops / seconds(ready, nanos) / GIGA);
            }
        }
    }

    /// @return the median over repeats, after warm-ups as long as all of them
    private static double seconds(GemmLibrary.Ready ready, long nanos) {
        int count = 1;
        for (long end = System.nanoTime() + REPEATS * nanos; System.nanoTime() < end; ) {
            count = (int) Math.clamp(nanos / (1e9 * seconds(ready, count)), 1, 100_000_000);
        }
        double[] seconds = new double[REPEATS];
        for (int i = 0; i < REPEATS; i++) {
            seconds[i] = seconds(ready, count);
        }
        Arrays.sort(seconds);
        return seconds[REPEATS / 2];
    }

    private static double seconds(GemmLibrary.Ready ready, int count) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            ready.run();
        }
        return (System.nanoTime() - start) / 1e9 / count;
    }
}
