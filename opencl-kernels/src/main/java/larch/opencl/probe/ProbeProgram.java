package larch.opencl.probe;

import static org.jocl.CL.*;

import java.nio.charset.StandardCharsets;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClException;
import larch.opencl.OpenClScope;
import larch.opencl.source.ClResource;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_program;

/// A program from source or from a binary, whose build log and binary can be read: on NVIDIA the binary is
/// PTX text.
final class ProbeProgram implements AutoCloseable {
    private final OpenClContext context;
    private final String name;
    private final OpenClScope scope = new OpenClScope();
    private final cl_program handle;

    private ProbeProgram(OpenClContext context, String name, cl_program handle, String options) {
        this.context = context;
        this.name = name;
        this.handle = scope.own(handle, CL::clReleaseProgram);
        try {
            clBuildProgram(handle, 1, new cl_device_id[] {context.device().id()}, options, null, null);
        } catch (CLException e) {
            String log = log();
            scope.close();
            throw new OpenClException("probe: build " + name + " '" + options + "': " + e.getMessage() + "\n" + log);
        }
    }

    /// @param file its name below `/cl/probe`
    static ProbeProgram ofSource(OpenClContext context, String file, String options) {
        return new ProbeProgram(context, file,
                clCreateProgramWithSource(context.handle(), 1, new String[] {ClResource.text("probe/" + file)}, null, null),
                options);
    }

    /// @param name what errors call it
    static ProbeProgram ofBinary(OpenClContext context, String name, byte[] binary) {
        int[] status = new int[1];
        cl_program handle = clCreateProgramWithBinary(context.handle(), 1, new cl_device_id[] {context.device().id()},
                new long[] {binary.length}, new byte[][] {binary}, status, null);
        return new ProbeProgram(context, name, handle, "");
    }

    /// @return what the compiler said; may be empty
    String log() {
        long[] size = new long[1];
        clGetProgramBuildInfo(handle, context.device().id(), CL_PROGRAM_BUILD_LOG, 0, null, size);
        byte[] log = new byte[Math.toIntExact(size[0])];
        if (log.length > 0) {
            clGetProgramBuildInfo(handle, context.device().id(), CL_PROGRAM_BUILD_LOG, log.length, Pointer.to(log),
                    null);
        }
        return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
    }

    /// @return what the driver made of the program
    byte[] binary() {
        long[] size = new long[1];
        clGetProgramInfo(handle, CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
        byte[] binary = new byte[Math.toIntExact(size[0])];
        clGetProgramInfo(handle, CL_PROGRAM_BINARIES, Sizeof.POINTER, Pointer.to(Pointer.to(binary)), null);
        return binary;
    }

    /// @param function the kernel function's name
    /// @return the kernel, valid until this program is closed
    ProbeKernel kernel(String function) {
        try {
            return new ProbeKernel(context.queue(),
                    scope.own(clCreateKernel(handle, function, null), CL::clReleaseKernel));
        } catch (CLException e) {
            throw new OpenClException("probe: make kernel '" + function + "' of " + name, e);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
