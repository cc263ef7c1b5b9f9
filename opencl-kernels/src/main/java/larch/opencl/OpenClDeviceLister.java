package larch.opencl;

import larch.device.DeviceLister;
import larch.device.DeviceListing;

/// Lists and checks OpenCL devices for programs that do not know OpenCL.
public final class OpenClDeviceLister implements DeviceLister {
    /// For [java.util.ServiceLoader].
    public OpenClDeviceLister() {}

    @Override
    public String kind() {
        return "opencl";
    }

    @Override
    public DeviceListing list() {
        return OpenClDevices.discover().listing();
    }

    @Override
    public String check(int index) {
        return OpenClSelfCheck.run(OpenClDevices.discover().at(index)).verdict();
    }
}
