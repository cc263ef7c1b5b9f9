package larch.opencl.runtime;

import static org.jocl.CL.*;

import java.util.Arrays;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClException;
import larch.opencl.OpenClProgram;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;

/// A kernel object with its arguments; for one thread at a time.
final class KernelObject {
    private final OpenClContext context;
    private final String name;
    private final cl_kernel handle;
    private final int arguments;

    KernelObject(OpenClProgram program, String function) {
        this.context = program.context();
        this.name = "kernel '" + function + "' of " + program.name();
        this.handle = program.newKernel(function);
        int[] count = new int[1];
        clGetKernelInfo(handle, CL_KERNEL_NUM_ARGS, Sizeof.cl_uint, Pointer.to(count), null);
        this.arguments = count[0];
    }

    cl_kernel handle() {
        return handle;
    }

    /// All of them, because one that is left from an earlier launch may be memory that is gone.
    void setAll(Object[] values) {
        if (values.length != arguments) {
            throw new IllegalArgumentException("opencl: " + name + " takes " + arguments + " arguments, got "
                    + values.length + ": " + Arrays.toString(values));
        }
        for (int i = 0; i < values.length; i++) {
            set(i, values[i]);
        }
    }

    void set(int index, Object value) {
        if (index < 0 || index >= arguments) {
            throw new IllegalArgumentException("opencl: " + name + " takes " + arguments + " arguments, counted from "
                    + "0, got index " + index);
        }
        try {
            switch (value) {
                case DeviceMemory memory -> setMemory(index, memory);
                case Integer i -> clSetKernelArg(handle, index, Sizeof.cl_int, Pointer.to(new int[] {i}));
                case Long l -> clSetKernelArg(handle, index, Sizeof.cl_long, Pointer.to(new long[] {l}));
                case Float f -> clSetKernelArg(handle, index, Sizeof.cl_float, Pointer.to(new float[] {f}));
                case LocalMemory local -> clSetKernelArg(handle, index, local.bytes(), null);
                case null, default -> throw new IllegalArgumentException("opencl: argument " + index + " of " + name
                        + " must be DeviceMemory, LocalMemory, int, long or float, got " + describe(value));
            }
        } catch (CLException e) {
            throw context.failure("set argument " + index + " of " + name + " to " + describe(value)
                    + " (does the kernel's parameter have that type?)", e);
        }
    }

    private void setMemory(int index, DeviceMemory memory) {
        if (memory.pool().context() != context) {
            throw new IllegalArgumentException("opencl: argument " + index + " of " + name + " is memory of another "
                    + "context (" + memory.pool().context().device() + "); copy it through the host");
        }
        clSetKernelArg(handle, index, Sizeof.cl_mem, Pointer.to(memory.handle()));
    }

    private static String describe(Object value) {
        return value == null ? "null" : value.getClass().getSimpleName() + " " + value;
    }

    /// @param parameter one of `CL_KERNEL_WORK_GROUP_SIZE`, `CL_KERNEL_LOCAL_MEM_SIZE`
    long limit(int parameter) {
        long[] value = new long[1];
        clGetKernelWorkGroupInfo(handle, context.device().id(), parameter, Sizeof.cl_ulong, Pointer.to(value), null);
        return value[0];
    }

    /// Turns a refused launch into an error that says what would not have been refused.
    OpenClException refused(Launch launch, CLException cause) {
        var info = context.device().info();
        String why = switch (cause.getStatus()) {
            case CL_INVALID_WORK_GROUP_SIZE -> " (groups of " + launch.range().groupSize() + " work-items; the device "
                    + "allows " + info.maxWorkGroupSize() + ", this kernel " + limit(CL_KERNEL_WORK_GROUP_SIZE)
                    + "; use smaller groups)";
            case CL_INVALID_WORK_ITEM_SIZE -> " (the device allows groups of at most " + info.maxWorkItemSizes()
                    + " work-items by dimension)";
            case CL_OUT_OF_RESOURCES -> " (the kernel uses " + Bytes.text(limit(CL_KERNEL_LOCAL_MEM_SIZE))
                    + " of local memory, the device has " + Bytes.text(info.localMemoryBytes()) + ")";
            default -> "";
        };
        return context.failure("launch " + launch + why, cause);
    }

    void release() {
        clReleaseKernel(handle);
    }
}
