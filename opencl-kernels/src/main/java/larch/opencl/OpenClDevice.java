package larch.opencl;

import static org.jocl.CL.*;

import java.util.List;
import java.util.stream.LongStream;
import larch.device.DeviceInfo;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// One OpenCL device with its limits, queried once.
/// @param platform the platform's handle
/// @param id the device's handle
/// @param info what every kind of device tells
/// @param languageVersion the newest OpenCL C that the device compiles by default, as in `OpenCL C 1.2`
/// @param dedicatedLocalMemory whether local memory is memory of its own; if not, tiling through it gains nothing
/// @param timerNanos the resolution of the profiling timer
/// @param exactDivision whether division and square root can be asked to round as IEEE 754 does, in single precision
public record OpenClDevice(
        cl_platform_id platform,
        cl_device_id id,
        DeviceInfo info,
        String languageVersion,
        boolean dedicatedLocalMemory,
        long timerNanos,
        boolean exactDivision) {
    /// OpenCL 2.1's constant, which JOCL 2.0.6 does not have.
    private static final int CL_DEVICE_MAX_NUM_SUB_GROUPS = 0x105C;

    /// Asks the driver for everything.
    // OpenCL 2.0 deprecates the question for unified memory without putting another in its place.
    @SuppressWarnings("deprecation")
    static OpenClDevice query(cl_platform_id platform, cl_device_id id, int index) {
        var ask = OpenClQuery.ofDevice(id);
        var askPlatform = OpenClQuery.ofPlatform(platform);
        List<String> extensions = List.of(ask.text(CL_DEVICE_EXTENSIONS).split("\\s+"));
        var info = new DeviceInfo(
                index,
                ask.text(CL_DEVICE_NAME),
                ask.text(CL_DEVICE_VENDOR),
                ask.text(CL_DEVICE_VERSION),
                ask.text(CL_DRIVER_VERSION),
                typeOf(ask.number(CL_DEVICE_TYPE)),
                askPlatform.text(CL_PLATFORM_NAME),
                askPlatform.text(CL_PLATFORM_VERSION),
                Math.toIntExact(ask.number(CL_DEVICE_MAX_COMPUTE_UNITS)),
                Math.toIntExact(ask.number(CL_DEVICE_MAX_CLOCK_FREQUENCY)),
                ask.number(CL_DEVICE_GLOBAL_MEM_SIZE),
                ask.number(CL_DEVICE_MAX_MEM_ALLOC_SIZE),
                ask.number(CL_DEVICE_LOCAL_MEM_SIZE),
                ask.number(CL_DEVICE_MAX_WORK_GROUP_SIZE),
                LongStream.of(ask.sizes(CL_DEVICE_MAX_WORK_ITEM_SIZES)).boxed().toList(),
                Math.toIntExact(ask.number(CL_DEVICE_PREFERRED_VECTOR_WIDTH_FLOAT)),
                extensions.contains("cl_khr_fp64"),
                extensions.contains("cl_khr_fp16"),
                // An extension up to 2.0; core since 2.1, where a count of 0 (or no answer, before 2.1) means none.
                extensions.contains("cl_khr_subgroups")
                        || ask.numberIfKnown(CL_DEVICE_MAX_NUM_SUB_GROUPS).orElse(0) > 0,
                ask.number(CL_DEVICE_HOST_UNIFIED_MEMORY) != 0,
                extensions);
        return new OpenClDevice(platform, id, info, ask.text(CL_DEVICE_OPENCL_C_VERSION),
                ask.number(CL_DEVICE_LOCAL_MEM_TYPE) == CL_LOCAL, ask.number(CL_DEVICE_PROFILING_TIMER_RESOLUTION),
                (ask.number(CL_DEVICE_SINGLE_FP_CONFIG) & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0);
    }

    /// @param bits the bit field `CL_DEVICE_TYPE`
    static DeviceInfo.Type typeOf(long bits) {
        if ((bits & CL_DEVICE_TYPE_GPU) != 0) {
            return DeviceInfo.Type.GPU;
        }
        if ((bits & CL_DEVICE_TYPE_ACCELERATOR) != 0) {
            return DeviceInfo.Type.ACCELERATOR;
        }
        return (bits & CL_DEVICE_TYPE_CPU) != 0 ? DeviceInfo.Type.CPU : DeviceInfo.Type.OTHER;
    }

    /// @return the device in one line
    @Override
    public String toString() {
        return info.summary();
    }
}
