package larch.gen;

import java.util.ArrayList;
import java.util.List;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.BackendProvider;
import larch.backend.Backends;
import larch.backend.reference.ReferenceBackend;

/// A backend under test.
///
/// @param label   name, width and threads, for test names
/// @param lanes   floats in one vector; 1 where there are none
/// @param backend the kernels
public record TestBackend(String label, int lanes, Backend backend) implements AutoCloseable {
    private static final int[] WIDTHS = {128, 256, 512};

    /// The specification that all others are held against.
    public static final Backend REFERENCE = new ReferenceBackend();

    /// @param threads threads of each
    /// @return every backend that can run here but the reference, at every width
    public static List<TestBackend> all(int threads) {
        List<TestBackend> all = new ArrayList<>();
        for (BackendProvider provider : Backends.providers()) {
            if (provider.whyUnavailable() != null || provider.name().equals("reference")) {
                continue;
            }
            boolean hasWidths = provider.name().equals("simd");
            for (int bits : hasWidths ? WIDTHS : new int[] {0}) {
                all.add(new TestBackend(provider.name() + (bits == 0 ? "" : " " + bits) + ", " + threads + " threads",
                        bits == 0 ? 8 : bits / Float.SIZE, provider.create(new BackendOptions(threads, bits))));
            }
        }
        return all;
    }

    /// @param threads threads
    /// @param bits    vector width
    /// @return the SIMD backend
    public static TestBackend simd(int threads, int bits) {
        return new TestBackend("simd " + bits + ", " + threads + " threads", bits / Float.SIZE,
                Backends.select("simd", new BackendOptions(threads, bits)));
    }

    @Override
    public void close() {
        backend.close();
    }

    @Override
    public String toString() {
        return label;
    }
}
