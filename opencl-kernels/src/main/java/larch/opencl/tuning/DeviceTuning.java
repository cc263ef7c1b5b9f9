package larch.opencl.tuning;

import java.nio.file.Files;
import java.nio.file.Path;
import larch.device.DeviceInfo;
import larch.machine.CacheFolder;
import larch.opencl.gemm.GemmChoice;
import larch.tuning.TuningChoice;
import larch.tuning.TuningFile;

/// Which kernels a device's products take, and where that is from.
///
/// @param choice the kernels and their numbers
/// @param origin in a few words, such as `shipped tuning`
public record DeviceTuning(GemmChoice choice, String origin) {
    /// What ships.
    public static final DeviceTuning SHIPPED = new DeviceTuning(GemmChoice.SHIPPED, "shipped tuning");

    /// @param choice what the user wants
    /// @param device the device
    /// @return the kernels
    /// @throws larch.tuning.TuningException if a file that should be used is damaged, another device's, or asks for more than
    ///     the device has
    public static DeviceTuning of(TuningChoice choice, DeviceInfo device) {
        return of(choice, device, folder());
    }

    static DeviceTuning of(TuningChoice choice, DeviceInfo device, Path folder) {
        return switch (choice) {
            case TuningChoice.Shipped() -> SHIPPED;
            case TuningChoice.File(Path path) -> new DeviceTuning(read(path, device), "tuning " + path);
            case TuningChoice.Auto() -> {
                Path file = folder.resolve(DeviceKey.of(device).fileName());
                yield Files.exists(file) ? new DeviceTuning(read(file, device), "tuned on this device") : SHIPPED;
            }
        };
    }

    private static GemmChoice read(Path path, DeviceInfo device) {
        TuningFile file = TuningFile.read(path);
        DeviceKey.of(device).requireIn(file);
        return read(file, device);
    }

    /// @param file   a file of this device's
    /// @param device the device
    /// @return the choice in it
    /// @throws larch.tuning.TuningException if it is damaged, or asks for more than the device has
    public static GemmChoice read(TuningFile file, DeviceInfo device) {
        GemmChoice choice = GemmSection.read(file);
        try {
            choice.require(device);
        } catch (IllegalArgumentException tooLarge) {
            throw file.section(GemmSection.NAME).wrong(tooLarge.getMessage());
        }
        return choice;
    }

    /// @param device a device
    /// @return where `auto` looks for its numbers; the file need not exist
    public static Path file(DeviceInfo device) {
        return folder().resolve(DeviceKey.of(device).fileName());
    }

    private static Path folder() {
        return CacheFolder.of("tuning");
    }
}
