package larch.tuner;

import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/// Tunes devices of one kind for programs that do not know them. Registered for [ServiceLoader] in
/// `META-INF/services/larch.tuner.DeviceTuner`; making one is cheap and touches no driver.
public interface DeviceTuner {
    /// @return what is tuned, the name of its backend: `opencl`
    String kind();

    /// @param selector an index or a part of the device's name; null for the first
    /// @return the device, opened
    /// @throws larch.device.DeviceException if there is none, or it cannot be opened
    Session open(String selector);

    /// @param selector an index or a part of the device's name; null for the first
    /// @return where its findings are looked for by those who want them; it need not exist
    /// @throws larch.device.DeviceException if there is no such device
    Path file(String selector);

    /// @return every tuner on the class path
    static Stream<DeviceTuner> installed() {
        return ServiceLoader.load(DeviceTuner.class).stream().map(ServiceLoader.Provider::get);
    }

    /// A device that is open.
    interface Session extends AutoCloseable {
        /// @return what its findings hold for, by name: device, driver, kernels
        Map<String, String> key();

        /// Goes on with the search in a file, or begins it.
        /// @param file     it need not exist
        /// @param time     how long
        /// @param listener hears how it goes
        /// @return what is known then, the numbers by name
        /// @throws larch.tuning.TuningException if the file is damaged, another device's, or cannot be written
        /// @throws larch.device.DeviceException if the device fails
        TuneReport<Map<String, String>> run(Path file, TimeBox time, StagedSearch.Listener listener);

        @Override
        void close();
    }
}
