package larch.opencl;

import static org.jocl.CL.*;

import java.util.Arrays;
import java.util.Locale;
import larch.opencl.source.ProgramSource;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/// Proves that a device computes: builds `c = a + b` from `/cl/self_check.cl`, runs it and compares every bit.
///
/// The size is odd and the launch is rounded up to whole work-groups, so the bounds guard is checked too. A
/// `float` addition is correctly rounded in OpenCL as in Java (OpenCL C specification, relative error), hence the
/// exact comparison.
public final class OpenClSelfCheck {
    private static final int ELEMENTS = 1003;
    /// Elements behind the result that must stay as they are.
    private static final int GUARD = 21;
    private static final int MAX_WORK_GROUP = 64;
    /// Recognisable in a dump, and no sum of the inputs.
    private static final float UNTOUCHED = -12345.0f;

    private OpenClSelfCheck() {}

    /// A passed check.
    /// @param elements how many values were compared
    /// @param buildMillis time to build the program; short if the driver has it cached
    /// @param runMillis time from the first upload to the values being back, first launch of the kernel included
    /// @param kernelMicros time of the kernel alone, by the device's own timer
    public record Result(int elements, double buildMillis, double runMillis, double kernelMicros) {
        /// @return the result in one line
        public String verdict() {
            return String.format(Locale.ROOT, "ok: %d sums exact; build %.1f ms, run %.1f ms, kernel alone %.1f us",
                    elements, buildMillis, runMillis, kernelMicros);
        }
    }

    /// Checks one device and leaves nothing behind.
    /// @param device the device
    /// @return what was measured
    /// @throws OpenClBuildException if the program does not build, with the build log
    /// @throws OpenClException if the device refuses to run it or computes wrongly
    public static Result run(OpenClDevice device) {
        try (var context = new OpenClContext(device, true)) {
            return run(context);
        }
    }

    /// Checks a device that was opened with profiling, and leaves it as it was.
    static Result run(OpenClContext context) {
        long start = System.nanoTime();
        try (var program = OpenClProgram.build(context, ProgramSource.ofFile("self_check.cl"))) {
            double buildMillis = millisSince(start);
            return launch(context, program.kernel("vector_add"), buildMillis);
        } catch (CLException e) {
            throw new OpenClException("opencl: self check on " + context.device(), e);
        }
    }

    private static Result launch(OpenClContext context, cl_kernel kernel, double buildMillis) {
        float[] a = new float[ELEMENTS];
        float[] b = new float[ELEMENTS];
        float[] c = new float[ELEMENTS + GUARD];
        fill(a, b);
        Arrays.fill(c, UNTOUCHED);
        long start = System.nanoTime();
        try (var scope = new OpenClScope()) {
            cl_mem aBuffer = buffer(scope, context, CL_MEM_READ_ONLY, a);
            cl_mem bBuffer = buffer(scope, context, CL_MEM_READ_ONLY, b);
            cl_mem cBuffer = buffer(scope, context, CL_MEM_READ_WRITE, c);
            clSetKernelArg(kernel, 0, Sizeof.cl_mem, Pointer.to(aBuffer));
            clSetKernelArg(kernel, 1, Sizeof.cl_mem, Pointer.to(bBuffer));
            clSetKernelArg(kernel, 2, Sizeof.cl_mem, Pointer.to(cBuffer));
            clSetKernelArg(kernel, 3, Sizeof.cl_int, Pointer.to(new int[] {ELEMENTS}));

            long workGroup = Math.min(MAX_WORK_GROUP, context.device().info().maxWorkGroupSize());
            long global = (ELEMENTS + workGroup - 1) / workGroup * workGroup;
            cl_event done = new cl_event();
            clEnqueueNDRangeKernel(context.queue(), kernel, 1, null, new long[] {global}, new long[] {workGroup},
                    0, null, done);
            scope.own(done, CL::clReleaseEvent);
            clEnqueueReadBuffer(context.queue(), cBuffer, CL_TRUE, 0, (long) c.length * Float.BYTES, Pointer.to(c),
                    0, null, null);
            double runMillis = millisSince(start);

            compare(a, b, c, context.device().toString());
            long kernelNanos = eventTime(done, CL_PROFILING_COMMAND_END) - eventTime(done, CL_PROFILING_COMMAND_START);
            return new Result(ELEMENTS, buildMillis, runMillis, kernelNanos / 1e3);
        }
    }

    /// Inputs whose sums round differently from element to element, and never to a subnormal, which a device
    /// may flush to zero.
    private static void fill(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] = 0.1f * (i + 1);
            b[i] = 1.0f / (3 * i + 7) - 0.7f * (i % 11);
        }
    }

    /// Bit by bit, the guard included.
    static void compare(float[] a, float[] b, float[] c, String device) {
        for (int i = 0; i < c.length; i++) {
            float expected = i < a.length ? a[i] + b[i] : UNTOUCHED;
            if (Float.floatToRawIntBits(c[i]) != Float.floatToRawIntBits(expected)) {
                String what = i < a.length ? a[i] + " + " + b[i] + " must be " + expected
                        : "the element lies behind the result and must stay " + expected;
                throw new OpenClException("opencl: self check on " + device + ": element " + i + " of " + a.length
                        + ": " + what + ", got " + c[i] + "; do not compute on this device, update its driver");
            }
        }
    }

    private static cl_mem buffer(OpenClScope scope, OpenClContext context, long access, float[] values) {
        return scope.own(clCreateBuffer(context.handle(), access | CL_MEM_COPY_HOST_PTR,
                (long) values.length * Float.BYTES, Pointer.to(values), null), CL::clReleaseMemObject);
    }

    private static long eventTime(cl_event event, int parameter) {
        long[] nanos = new long[1];
        clGetEventProfilingInfo(event, parameter, Sizeof.cl_ulong, Pointer.to(nanos), null);
        return nanos[0];
    }

    private static double millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e6;
    }
}
