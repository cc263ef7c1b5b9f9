package larch.opencl;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import larch.device.DeviceInfo;
import larch.device.DeviceListing;

/// What the OpenCL tests know about the machine, and devices that no machine has.
public final class OpenClMachine {
    private OpenClMachine() {}

    /// @return the devices of this machine; without any, the test is skipped and says why
    public static OpenClDevices devices() {
        OpenClDevices devices = OpenClDevices.discover();
        if (devices.all().isEmpty()) {
            String reason = "skipped: no OpenCL device (" + devices.listing().detail() + ")";
            System.out.println(reason);
            abort(reason);
        }
        return devices;
    }

    /// @return an invented device
    static DeviceInfo device(int index, String name, DeviceInfo.Type type, String platform) {
        return device(index, name, type, platform, 256, 1 << 15);
    }

    /// @return an invented GPU with these limits
    public static DeviceInfo device(long maxWorkGroup, long localMemoryBytes) {
        return device(0, "invented", DeviceInfo.Type.GPU, "platform", maxWorkGroup, localMemoryBytes);
    }

    private static DeviceInfo device(int index, String name, DeviceInfo.Type type, String platform, long maxWorkGroup,
            long localMemoryBytes) {
        return new DeviceInfo(index, name, "vendor", "OpenCL 3.0", "1.0", type, platform, "OpenCL 3.0", 4, 1000,
                1L << 33, 1L << 31, localMemoryBytes, maxWorkGroup, List.of(256L, 256L, 64L), 1, false, false, false, false,
                List.of());
    }

    /// @return a listing of invented devices
    static DeviceListing listing(DeviceInfo... devices) {
        return new DeviceListing(DeviceListing.State.AVAILABLE, "invented", List.of(devices));
    }
}
