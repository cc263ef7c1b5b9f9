package larch.opencl.source;

import static larch.gen.Bounds.assertSameBits;
import static larch.gen.Guarded.assertGuardsIntact;
import static org.junit.jupiter.api.Assertions.assertEquals;

import larch.gen.Guarded;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `cl/philox.cl` on a device against [Rng], bit by bit.
@Tag("opencl")
class PhiloxDeviceTest {
    private static final Rng STREAM = Rng.of(42).stream("noise", 7);
    /// Aligned and not, and where the block's number needs its upper word.
    private static final long[] FIRSTS = {0, 1, 2, 3, 4097, (1L << 34) - 6, (1L << 62) + 3};
    private static KernelRunner device;

    @BeforeAll
    static void build() {
        device = KernelRunner.ofFile("philox.cl");
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    private static void draw(String kernel, Tensor out, long first) {
        long blocks = ((first & 3) + out.size() + 3) / 4;
        device.run(kernel, blocks, out.data(), out.offset(), out.size(), STREAM.key(), first);
        assertGuardsIntact(kernel, out);
    }

    @Test
    void wordsAreTheCpus() {
        for (long first : FIRSTS) {
            Tensor out = Guarded.filled(0, 261);
            draw("philox_words", out, first);
            for (int i = 0; i < out.size(); i++) {
                assertEquals(STREAM.bits(first + i), Float.floatToRawIntBits(out.data()[out.offset() + i]),
                        "word " + i + " from " + first);
            }
        }
    }

    @Test
    void uniformsAreTheCpus() {
        for (long first : FIRSTS) {
            for (int count : new int[] {1, 2, 3, 1001}) {
                Tensor expected = Guarded.filled(7, count);
                Tensor actual = Guarded.filled(7, count);
                STREAM.uniforms(expected.data(), expected.offset(), count, first);
                draw("philox_uniforms", actual, first);
                assertSameBits("uniforms from " + first, expected, actual);
            }
        }
    }

    @Test
    void normalsAreTheCpus() {
        for (long first : FIRSTS) {
            for (int count : new int[] {1, 2, 3, 100_001}) {
                Tensor expected = Guarded.filled(7, count);
                Tensor actual = Guarded.filled(7, count);
                STREAM.normals(expected.data(), expected.offset(), count, first);
                draw("philox_normals", actual, first);
                assertSameBits("normals from " + first, expected, actual);
            }
        }
    }
}
