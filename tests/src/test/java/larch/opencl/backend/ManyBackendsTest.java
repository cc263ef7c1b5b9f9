package larch.opencl.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import larch.backend.KernelCall;
import larch.expr.Expr;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClException;
import larch.opencl.OpenClMachine;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Tensors belong to the backend that allocated them, and live as long.
@Tag("opencl")
class ManyBackendsTest {
    private static final Expr DOUBLE = Expr.add(Expr.arg(0), Expr.arg(0));

    private final OpenClDevice device = OpenClMachine.devices().at(0);

    @Test
    void aClosedBackendTakesItsTensorsWithIt() {
        var backend = new OpenClBackend(device, false);
        Tensor x = backend.place(Tensor.vector(1, 2));
        Runnable prepared = backend.prepare(new KernelCall.Elementwise(List.of(DOUBLE), List.of(x), List.of(x)));
        backend.close();
        backend.close();
        String message = "opencl: the backend on " + device + " is closed, and its tensors with it; read them before, with "
                + "toArray() or copy()";
        List<Executable> late = List.of(x::toArray, () -> x.get(1), () -> x.set(1, 0), () -> backend.elementwise(DOUBLE, x, x),
                () -> backend.place(Tensor.scalar(1)), () -> backend.allocate(x.shape()));
        for (Executable action : late) {
            assertEquals(message, assertThrows(IllegalStateException.class, action).getMessage());
        }
        assertThrows(IllegalStateException.class, prepared::run);
    }

    @Test
    void twoBackendsOnOneDeviceRefuseEachOthersTensors() {
        try (var one = new OpenClBackend(device, false); var other = new OpenClBackend(device, false)) {
            Tensor mine = one.place(Tensor.vector(1, 2));
            Tensor theirs = other.place(Tensor.vector(3, 4));
            String message = "opencl: a tensor lies on the OpenCL device " + device + " in the memory of another backend; "
                    + "copy it through the heap with copy()";
            assertEquals(message,
                    assertThrows(OpenClException.class, () -> one.elementwise(DOUBLE, mine, theirs)).getMessage());
            assertEquals(message,
                    assertThrows(OpenClException.class, () -> other.elementwise(DOUBLE, mine, theirs)).getMessage());
            one.elementwise(DOUBLE, mine, theirs.copy());
            assertArrayEquals(new float[] {6, 8}, mine.toArray());
            one.elementwise(DOUBLE, mine, one.place(theirs));
            assertArrayEquals(new float[] {6, 8}, mine.toArray());
        }
    }
}
