package larch.opencl.tuning;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import larch.device.DeviceInfo;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.GemmKernel;
import larch.opencl.gemm.SplitK;
import larch.opencl.source.ClResource;
import larch.tuning.Section;
import larch.tuning.TuningFile;

/// What tuned numbers of a device hold for. On anything else they would be right, or refused for its limits, but not the
/// fastest.
///
/// @param device  the device's name
/// @param driver  its version, whose compiler turns kernels into instructions
/// @param kernels a hash of the kernels' texts
public record DeviceKey(String device, String driver, String kernels) {
    /// The section of a [TuningFile] that holds it.
    public static final String SECTION = "device";
    private static final String NAME = "name";
    private static final String DRIVER = "driver";
    private static final String KERNELS = "kernels";

    /// @param info a device
    /// @return what numbers that are found now, on it, hold for
    public static DeviceKey of(DeviceInfo info) {
        return new DeviceKey(info.name(), info.driver(), hash());
    }

    /// Of all texts that products are made of, and of what ships.
    private static String hash() {
        CRC32 hash = new CRC32();
        Stream.concat(Stream.of(GemmKernel.values()).flatMap(kernel -> kernel.resources().stream()),
                Stream.of("add_chunks.cl", "pad_transpose.cl")).distinct().forEach(file -> hash.update(ClResource.text(file).getBytes(StandardCharsets.UTF_8)));
        hash.update((GemmChoice.SHIPPED.toString() + SplitK.DEFAULT).getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(hash.getValue());
    }

    /// @return the file's name, different for every key
    public String fileName() {
        String name = ("opencl-" + device + "-" + driver + "-" + kernels).toLowerCase(Locale.ROOT);
        return name.replaceAll("[^a-z0-9]+", "-") + ".tuning";
    }

    /// @return its parts by name
    public Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(NAME, device);
        parts.put(DRIVER, driver);
        parts.put(KERNELS, kernels);
        return parts;
    }

    /// @return it as a section
    public Section section() {
        Section section = new Section(SECTION);
        parts().forEach(section::with);
        return section;
    }

    /// @param file a file that must have been written for this key
    /// @throws larch.tuning.TuningException naming the first line that says otherwise
    public void requireIn(TuningFile file) {
        Section there = file.section(SECTION);
        there.requireOnly(List.of(NAME, DRIVER, KERNELS));
        there.requireFoundWith(NAME, device, "device");
        there.requireFoundWith(DRIVER, driver, "driver");
        there.requireFoundWith(KERNELS, kernels, "kernel source");
    }
}
