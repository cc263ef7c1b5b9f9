package larch.backend;

import java.util.List;
import java.util.stream.Collectors;

/// A program run as it was written: each call prepared once, then one after another.
final class CallByCall implements Executable {
    private final List<KernelCall> calls;
    private final Runnable[] kernels;

    CallByCall(List<KernelCall> calls, Backend backend) {
        this.calls = calls;
        kernels = calls.stream().map(backend::prepare).toArray(Runnable[]::new);
    }

    @Override
    public void run() {
        for (Runnable kernel : kernels) {
            kernel.run();
        }
    }

    @Override
    public long[][] profile(int runs) {
        long[] nanos = new long[kernels.length];
        for (int run = 0; run < runs; run++) {
            long start = System.nanoTime();
            for (int i = 0; i < kernels.length; i++) {
                kernels[i].run();
                long end = System.nanoTime();
                nanos[i] += end - start;
                start = end;
            }
        }
        return new long[][] {nanos};
    }

    @Override
    public String toString() {
        return calls.stream().map(KernelCall::toString).collect(Collectors.joining(System.lineSeparator()));
    }
}
