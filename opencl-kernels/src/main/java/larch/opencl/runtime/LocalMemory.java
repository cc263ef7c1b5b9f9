package larch.opencl.runtime;

/// The argument for a `__local` pointer: memory of one work-group.
/// @param bytes its size
public record LocalMemory(long bytes) {
    /// @throws IllegalArgumentException if the size is not positive
    public LocalMemory {
        if (bytes <= 0) {
            throw new IllegalArgumentException("opencl local memory: the size must be positive, got " + bytes);
        }
    }

    /// @param n a number of floats
    /// @return memory for them
    public static LocalMemory floats(long n) {
        return new LocalMemory(n * Float.BYTES);
    }
}
