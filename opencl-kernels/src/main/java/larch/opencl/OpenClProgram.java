package larch.opencl;

import static org.jocl.CL.*;

import larch.opencl.source.ProgramSource;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/// A built OpenCL C program.
public final class OpenClProgram implements AutoCloseable {
    /// The dialect that every driver has.
    private static final String DIALECT = "-cl-std=CL1.2 ";
    /// A device that does not report `CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT` refuses it.
    private static final String EXACT_DIVISION = "-cl-fp32-correctly-rounded-divide-sqrt ";

    private final OpenClContext context;
    private final String name;
    private final OpenClScope scope = new OpenClScope();
    private final cl_program handle;

    private OpenClProgram(OpenClContext context, ProgramSource source) {
        this.context = context;
        this.name = source.name();
        PoclLinker.require(context.device().info());
        PoclSignals.check(context.device().info());
        String attempt = "opencl: build " + name + " on " + context.device();
        String options = DIALECT + (context.device().exactDivision() ? EXACT_DIVISION : "") + source.options();
        cl_device_id device = context.device().id();
        try {
            handle = clCreateProgramWithSource(context.handle(), 1, new String[] {source.text()}, null, null);
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

    /// Builds a program. Division and square root round as IEEE 754 does where the device can; elsewhere they may err by 2.5
    /// and 3 ulp.
    /// @param context the opened device
    /// @param source the program
    /// @return the program, built
    /// @throws OpenClBuildException if it does not compile, with the build log
    /// @throws OpenClException if the driver refuses otherwise
    public static OpenClProgram build(OpenClContext context, ProgramSource source) {
        return new OpenClProgram(context, source);
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
}
