package larch.opencl.backend;

import static larch.gemm.Transpose.NO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import larch.backend.KernelCall;
import larch.expr.Expr;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClException;
import larch.opencl.OpenClMachine;
import larch.plan.Plan;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// A device that is full: the error, what is left behind, and the work after it. Nothing is written to the memory that fills
/// the device, so a driver that shares the host's takes none of it.
@Tag("opencl")
@Timeout(120)
class OutOfDeviceMemoryTest {
    private static final Expr DOUBLE = Expr.add(Expr.arg(0), Expr.arg(0));
    private static final int ROWS = 2_048;
    private static final int COLS = 2_048;
    private static final long BYTES = (long) ROWS * COLS * Float.BYTES;

    private final OpenClDevice device = OpenClMachine.devices().at(0);
    private final OpenClBackend backend = new OpenClBackend(device, false);
    private final Tensor x = Tensor.full(3, ROWS, COLS);
    private final Tensor out = Tensor.zeros(ROWS, COLS);

    @AfterEach
    void close() {
        backend.close();
    }

    /// What takes memory of the device, each in its own way.
    private List<Executable> callsThatNeedMemory() {
        Tensor column = Tensor.full(1, COLS, 1);
        Tensor sums = Tensor.zeros(ROWS, 1);
        return List.of(() -> backend.allocate(x.shape()), () -> backend.place(x), () -> backend.elementwise(DOUBLE, out, x),
                () -> backend.gemm(NO, NO, 1, x, column, 0, sums),
                () -> backend.prepare(new KernelCall.Elementwise(List.of(DOUBLE), List.of(out), List.of(x))),
                () -> Plan.record(backend, recorder -> {
                    Tensor kept = recorder.allocate(x.shape());
                    recorder.elementwise(DOUBLE, kept, x);
                    recorder.keep(kept);
                }));
    }

    /// Takes blocks, each as large as may be, until there is no room for a matrix.
    private List<Tensor> fill() {
        List<Tensor> filling = new ArrayList<>();
        long floats = Math.min(device.info().maxAllocationBytes() / Float.BYTES, 1 << 30);
        while (floats * Float.BYTES >= BYTES / 2) {
            try {
                filling.add(backend.allocate(Shape.of((int) floats)));
            } catch (OpenClException full) {
                floats /= 2;
            }
        }
        return filling;
    }

    @Test
    void aFullDeviceIsAnErrorThatLeavesNothingBehindAndCanBeMended() {
        List<Tensor> filling = fill();
        int live = backend.liveBlocks();
        assertEquals(filling.size(), live);
        for (Executable call : callsThatNeedMemory()) {
            String message = assertThrows(OpenClException.class, call).getMessage();
            assertTrue(message.startsWith("opencl: allocate 16.0 MiB on " + device + ": CL_"), message);
            assertTrue(message.matches(".* live in \\d+ blocks, the device has .* and gives at most .*"), message);
            assertTrue(message.endsWith("; use a smaller model or smaller batches, or close what is no longer needed"), message);
            assertEquals(live, backend.liveBlocks(), "what a refused call took comes back");
        }
        assertArrayEquals(new float[ROWS * COLS], out.toArray());
        filling.clear();
        // Nobody gave the blocks back: they are collected when they are needed.
        backend.elementwise(DOUBLE, out, x);
        assertEquals(6, out.get(ROWS - 1, COLS - 1));
        Tensor placed = backend.place(x);
        backend.elementwise(DOUBLE, placed, placed);
        assertArrayEquals(out.toArray(), placed.toArray());
    }

    @Test
    void aTensorThatNoDeviceTakesAtOnceSaysSo() {
        long most = device.info().maxAllocationBytes();
        assumeTrue(most / Float.BYTES < Integer.MAX_VALUE, "no tensor is too large for the device");
        String message = assertThrows(OpenClException.class,
                () -> backend.allocate(Shape.of((int) (most / Float.BYTES) + 1))).getMessage();
        assertTrue(message.startsWith("opencl: allocate ") && message.contains(" at once; "), message);
        assertTrue(message.endsWith("; use a smaller model or smaller batches, or split the tensor"), message);
        assertEquals(0, backend.liveBlocks());
    }
}
