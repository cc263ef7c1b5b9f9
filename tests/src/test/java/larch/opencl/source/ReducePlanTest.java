package larch.opencl.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import larch.tensor.Axis;
import org.junit.jupiter.api.Test;

class ReducePlanTest {
    private static final int[] EXTENTS = {1, 2, 3, 31, 32, 33, 255, 256, 257, 4097, 32_000};

    @Test
    void everyElementHasOneChunkAndEveryResultOneGroup() {
        for (int rows : EXTENTS) {
            for (int cols : EXTENTS) {
                for (Axis axis : Axis.values()) {
                    ReducePlan plan = ReducePlan.of(axis, rows, cols);
                    assertCovers(plan);
                    assertEquals((long) rows * cols, (long) plan.kept() * plan.folded(), plan.toString());
                    ReducePlan second = plan.second();
                    assertCovers(second);
                    assertFalse(second.hasTwoPasses(), second.toString());
                    assertEquals(plan.chunks(), second.folded());
                    assertEquals(plan.kept(), second.kept());
                }
            }
        }
    }

    private static void assertCovers(ReducePlan plan) {
        String text = plan.toString();
        assertTrue(Integer.bitCount(plan.lanes()) == 1 && plan.lanes() <= ReducePlan.GROUP, text);
        assertTrue(plan.chunks() >= 1 && plan.chunks() <= ReducePlan.MOST_CHUNKS, text);
        assertTrue((long) plan.chunk() * plan.chunks() >= plan.folded(), text);
        assertTrue((long) plan.chunk() * (plan.chunks() - 1) < plan.folded(), text);
        assertEquals(0, plan.globalSize() % ReducePlan.GROUP, text);
        assertTrue(plan.globalSize() >= (long) plan.kept() * plan.lanes(), text);
        assertTrue(plan.globalSize() < (long) plan.kept() * plan.lanes() + ReducePlan.GROUP, text);
    }

    /// A GPU wants tens of thousands of work-items; a million elements must give them in every shape.
    @Test
    void largeFoldsAreParallelInEveryShape() {
        for (int[] shape : new int[][] {{1_000_000, 1}, {1_000_000, 8}, {1000, 1000}, {8, 1_000_000}, {1, 1_000_000}}) {
            for (Axis axis : Axis.values()) {
                ReducePlan plan = ReducePlan.of(axis, shape[0], shape[1]);
                long items = plan.globalSize() * plan.chunks();
                assertTrue(items >= 16_384, items + " work-items of " + plan);
            }
        }
    }

    @Test
    void smallFoldsTakeOnePass() {
        for (Axis axis : Axis.values()) {
            assertFalse(ReducePlan.of(axis, 128, 1).hasTwoPasses());
            assertFalse(ReducePlan.of(axis, 1, 128).hasTwoPasses());
        }
        assertFalse(ReducePlan.of(Axis.COLUMNS, 4096, 256).hasTwoPasses());
    }
}
