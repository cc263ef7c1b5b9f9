package larch.opencl;

import static org.jocl.CL.*;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/// A built OpenCL C program.
public final class OpenClProgram implements AutoCloseable {
    private final OpenClContext context;
    private final String name;
    private final OpenClScope scope = new OpenClScope();
    private final cl_program handle;

    private OpenClProgram(OpenClContext context, String name, String source, String options) {
        this.context = context;
        this.name = name;
        PoclLinker.require(context.device().info());
        String attempt = "opencl: build " + name + " on " + context.device();
        cl_device_id device = context.device().id();
        try {
            handle = clCreateProgramWithSource(context.handle(), 1, new String[] {source}, null, null);
        } catch (CLException e) {
            throw new OpenClException(attempt, e);
        }
        scope.own(handle, CL::clReleaseProgram);
        try {
            clBuildProgram(handle, 1, new cl_device_id[] {device}, options, null, null);
        } catch (CLException e) {
            String log = OpenClQuery.ofBuild(handle, device).text(CL_PROGRAM_BUILD_LOG);
            scope.close();
            throw new OpenClBuildException(attempt, e, log);
        }
    }

    /// Builds a resource of this module.
    /// @param context the opened device
    /// @param resource the file's name below `/cl`, as in `self_check.cl`
    /// @param options compiler options, as in `-DWIDTH=4`; may be empty
    /// @return the program
    /// @throws OpenClBuildException if it does not compile, with the build log
    /// @throws OpenClException if the driver refuses otherwise
    public static OpenClProgram build(OpenClContext context, String resource, String options) {
        return ofSource(context, resource, read(resource), options);
    }

    /// Builds a text.
    /// @param context the opened device
    /// @param name stands for the text in errors, as in `gemm.cl`
    /// @param source OpenCL C
    /// @param options compiler options, as in `-DWIDTH=4`; may be empty
    /// @return the program
    /// @throws OpenClBuildException if it does not compile, with the build log
    /// @throws OpenClException if the driver refuses otherwise
    public static OpenClProgram ofSource(OpenClContext context, String name, String source, String options) {
        return new OpenClProgram(context, name, source, options);
    }

    /// @return what stands for the text in errors
    public String name() {
        return name;
    }

    /// @return the device that this was built for
    public OpenClContext context() {
        return context;
    }

    /// Makes a kernel object, owned by this program. Not for several threads at once, and setting arguments on one
    /// object from two threads is not safe either (OpenCL specification, `clSetKernelArg`); see [#newKernel].
    /// @param function the kernel function's name
    /// @return the kernel, valid until this program is closed
    /// @throws OpenClException if the program has no such kernel
    public cl_kernel kernel(String function) {
        return scope.own(newKernel(function), CL::clReleaseKernel);
    }

    /// Makes a kernel object that the caller releases by `clReleaseKernel`; it stays valid when this program is
    /// closed. Safe for several threads at once.
    /// @param function the kernel function's name
    /// @return the kernel
    /// @throws OpenClException if the program has no such kernel
    public cl_kernel newKernel(String function) {
        try {
            return clCreateKernel(handle, function, null);
        } catch (CLException e) {
            throw new OpenClException("opencl: make kernel '" + function + "' of " + name, e);
        }
    }

    /// Releases the kernels and the program.
    @Override
    public void close() {
        scope.close();
    }

    private static String read(String resource) {
        try (InputStream in = OpenClProgram.class.getResourceAsStream("/cl/" + resource)) {
            if (in == null) {
                throw new IllegalArgumentException("opencl: no resource /cl/" + resource + " on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("opencl: read /cl/" + resource, e);
        }
    }
}
