package larch.device;

import java.util.List;
import java.util.Locale;

/// One device and its limits, as the driver reports them.
/// @param index the position in its listing; what a user gives to choose the device
/// @param name the device's name
/// @param vendor who made the device
/// @param version the version of the programming interface that the device offers
/// @param driver the version of the driver
/// @param type what sort of device it is
/// @param platformName the name of the platform through which the device is reached
/// @param platformVersion the version of that platform
/// @param computeUnits the number of compute units: cores of a CPU, multiprocessors of a GPU
/// @param clockMHz the highest clock in MHz; 0 if the driver does not say
/// @param globalMemoryBytes the size of the device's memory
/// @param maxAllocationBytes the size of the largest single buffer
/// @param localMemoryBytes the size of the memory that a work-group shares
/// @param maxWorkGroupSize the most work-items in a work-group
/// @param maxWorkItemSizes the most work-items in a work-group along each dimension
/// @param preferredFloatVectorWidth how many `float`s one instruction handles; 1 for scalar work-items
/// @param fp64 whether `double` arithmetic is there
/// @param fp16 whether `half` arithmetic is there
/// @param subgroups whether work-items can exchange values within a sub-group
/// @param unifiedMemory whether the device shares its memory with the host
/// @param extensions the names of the supported extensions, as the driver spells them
public record DeviceInfo(
        int index,
        String name,
        String vendor,
        String version,
        String driver,
        Type type,
        String platformName,
        String platformVersion,
        int computeUnits,
        int clockMHz,
        long globalMemoryBytes,
        long maxAllocationBytes,
        long localMemoryBytes,
        long maxWorkGroupSize,
        List<Long> maxWorkItemSizes,
        int preferredFloatVectorWidth,
        boolean fp64,
        boolean fp16,
        boolean subgroups,
        boolean unifiedMemory,
        List<String> extensions) {

    /// The sorts of devices, declared in the order in which a program should prefer them.
    public enum Type {
        /// A graphics processor.
        GPU,
        /// A dedicated accelerator that is not a graphics processor.
        ACCELERATOR,
        /// The host's own processor.
        CPU,
        /// Anything else.
        OTHER
    }

    /// Copies the lists.
    public DeviceInfo {
        maxWorkItemSizes = List.copyOf(maxWorkItemSizes);
        extensions = List.copyOf(extensions);
    }

    /// @return the device in one line: index, name, type, compute units, clock, memory
    public String summary() {
        String clock = clockMHz > 0 ? " at " + clockMHz + " MHz" : "";
        return String.format(Locale.ROOT, "[%d] %s (%s, %d compute units%s, %.1f GiB, %s)",
                index, name, type, computeUnits, clock, globalMemoryBytes / (double) (1L << 30), platformName);
    }
}
