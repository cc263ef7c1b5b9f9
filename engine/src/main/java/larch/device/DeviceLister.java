package larch.device;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/// Lists the devices of one kind and checks that they compute. Registered for [ServiceLoader] in
/// `META-INF/services/larch.device.DeviceLister`; making a lister is cheap and touches no driver.
public interface DeviceLister {
    /// @return what is listed, in one lower-case word: `opencl`, `cpu`
    String kind();

    /// Looks for devices now. A missing or broken driver is an answer, never an exception.
    /// @return the devices, or the reason why there are none together with its fix
    DeviceListing list();

    /// Runs a small program on one device and compares its values exactly.
    /// @param index the device's [DeviceInfo#index()]
    /// @return the verdict in one line, with the times taken
    /// @throws DeviceException if there is no such device, or it does not build, run or compute rightly;
    ///     the message is meant for the user and holds the build log if there is one
    String check(int index);

    /// @return every lister on the class path, in the order of [#kind()]
    static List<DeviceLister> installed() {
        return ServiceLoader.load(DeviceLister.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(DeviceLister::kind))
                .toList();
    }
}
