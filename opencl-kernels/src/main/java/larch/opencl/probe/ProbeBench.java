package larch.opencl.probe;

import static org.jocl.CL.*;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import larch.device.DeviceInfo;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClScope;
import larch.opencl.source.ClResource;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/// An opened device on which one experiment works; owns what the experiment makes.
public final class ProbeBench implements AutoCloseable {
    private final OpenClContext context;
    private final OpenClScope scope = new OpenClScope();

    /// @param timed whether the device times its commands
    ProbeBench(OpenClDevice device, boolean timed) {
        context = new OpenClContext(device, timed);
    }

    OpenClContext context() {
        return context;
    }

    OpenClDevice device() {
        return context.device();
    }

    DeviceInfo info() {
        return context.device().info();
    }

    boolean isNvidia() {
        return info().vendor().toLowerCase(Locale.ROOT).contains("nvidia");
    }

    boolean isGpu() {
        return info().type() == DeviceInfo.Type.GPU;
    }

    /// @return a program of the resource `/cl/probe/…`
    ProbeProgram build(String resource, String options) {
        return scope.own(ProbeProgram.ofSource(context, resource, options), ProbeProgram::close);
    }

    /// @return a program of what a driver takes as its own binary
    ProbeProgram load(String name, byte[] binary) {
        return scope.own(ProbeProgram.ofBinary(context, name, binary), ProbeProgram::close);
    }

    /// @return a program of the PTX in the resource `/cl/probe/…`
    ProbeProgram loadPtx(String resource) {
        return load(resource, ClResource.text("probe/" + resource).getBytes(StandardCharsets.US_ASCII));
    }

    cl_mem allocate(long bytes) {
        return scope.own(clCreateBuffer(context.handle(), CL_MEM_READ_WRITE, bytes, null, null),
                CL::clReleaseMemObject);
    }

    cl_mem upload(float... values) {
        return upload(Pointer.to(values), values.length);
    }

    cl_mem upload(int... values) {
        return upload(Pointer.to(values), values.length);
    }

    private cl_mem upload(Pointer values, long length) {
        return scope.own(clCreateBuffer(context.handle(), CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR,
                length * Float.BYTES, values, null), CL::clReleaseMemObject);
    }

    /// @return room for results, filled with what no kernel computes, so that an element left out shows
    cl_mem poisoned(int length) {
        float[] values = new float[length];
        Arrays.fill(values, Float.NaN);
        return upload(values);
    }

    float[] floats(cl_mem buffer, int length) {
        return floats(buffer, 0, length);
    }

    /// @param from the index of the first element
    float[] floats(cl_mem buffer, long from, int length) {
        float[] values = new float[length];
        clEnqueueReadBuffer(context.queue(), buffer, CL_TRUE, from * Float.BYTES, (long) length * Float.BYTES,
                Pointer.to(values), 0, null, null);
        return values;
    }

    int[] ints(cl_mem buffer, int length) {
        int[] values = new int[length];
        clEnqueueReadBuffer(context.queue(), buffer, CL_TRUE, 0, (long) length * Integer.BYTES, Pointer.to(values),
                0, null, null);
        return values;
    }

    void finish() {
        clFinish(context.queue());
    }

    @Override
    public void close() {
        try {
            scope.close();
        } finally {
            context.close();
        }
    }
}
