package larch.opencl.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import larch.opencl.probe.Finding.Answer;
import org.junit.jupiter.api.Test;

/// The judge of the tensor cores: what no machine without them can show is that it would notice a wrong product.
class TensorCoreTest {
    private static final TensorCore SHAPE = new TensorCore(2, 2, 3);
    private static final float[] A = {1, 2, 3, 4, 5, 6};
    /// Column by column.
    private static final float[] B = {1, 0, 1, 0, 1, -1};
    private static final float[] C = {10, 20, 30, 40};

    @Test
    void acceptsTheProductAndNothingElse() {
        assertEquals(Answer.YES, SHAPE.compare(A, B, C, new float[] {14, 19, 40, 39}).answer());
        for (float[] wrong : new float[][] {
            {14, 40, 19, 39}, {4, -1, 10, -1}, {14, 19, 40, 39.01f}, {14, 19, 40, Float.NaN}}) {
            Finding found = SHAPE.compare(A, B, C, wrong);
            assertEquals(Answer.NO, found.answer());
            assertTrue(found.verdict().startsWith("it runs, but element ("), found.verdict());
        }
    }

    @Test
    void roundsToTf32WithTiesAwayFromZero() {
        float ulp = 0x1p-10f;
        assertArrayEquals(new float[] {1, 1 + ulp, -1 - ulp, 1, 2},
                TensorCore.tf32(new float[] {1, 1 + ulp / 2, -1 - ulp / 2, 1 + ulp / 2 - 0x1p-23f, 2 - ulp / 4}));
    }

    @Test
    void packsPairsOfBfloat16() {
        float[] values = TensorCore.bf16(new float[] {1.001f, -2});
        assertArrayEquals(new float[] {1, -2}, values);
        assertArrayEquals(new int[] {0xc000_3f80}, TensorCore.pairs(values));
    }
}
