package larch.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;

/// Who holds a context: buffers, programs and queues count as references on every driver that was tried.
public final class ContextReferences {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private ContextReferences() {}

    /// @return how many references there are
    public static int of(cl_context context) {
        int[] count = new int[1];
        CL.clGetContextInfo(context, CL.CL_CONTEXT_REFERENCE_COUNT, Sizeof.cl_uint, Pointer.to(count), null);
        return count[0];
    }

    /// A driver's own threads drop their last references a moment after `clFinish` has returned, so a count that is
    /// too high is a leak only if it stays.
    public static void await(int expected, cl_context context, String message) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (of(context) > expected && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        assertEquals(expected, of(context), message);
    }
}
