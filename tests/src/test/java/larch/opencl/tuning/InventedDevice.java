package larch.opencl.tuning;

import java.util.List;
import larch.device.DeviceInfo;

/// Devices that no machine has.
public final class InventedDevice {
    private InventedDevice() {
    }

    /// @param name   its name
    /// @param driver its driver
    /// @return a large GPU
    public static DeviceInfo gpu(String name, String driver) {
        return of(name, "vendor", driver, DeviceInfo.Type.GPU, 1024, 48 << 10);
    }

    /// @param name   its name
    /// @param driver its driver
    /// @return a large GPU of NVIDIA's
    public static DeviceInfo nvidia(String name, String driver) {
        return of(name, "NVIDIA Corporation", driver, DeviceInfo.Type.GPU, 1024, 48 << 10);
    }

    /// @param type        its type
    /// @param largestGroup most work-items of a group
    /// @param localBytes  local memory
    /// @return a device with these limits
    public static DeviceInfo limited(DeviceInfo.Type type, long largestGroup, long localBytes) {
        return of("limited", "vendor", "1", type, largestGroup, localBytes);
    }

    private static DeviceInfo of(String name, String vendor, String driver, DeviceInfo.Type type, long largestGroup,
                                 long localBytes) {
        return new DeviceInfo(0, name, vendor, "OpenCL 3.0", driver, type, "platform", "OpenCL 3.0", 4, 1000, 1L << 33,
                1L << 31, localBytes, largestGroup, List.of(1024L, 1024L, 64L), 1, false, false, false, false, List.of());
    }
}
