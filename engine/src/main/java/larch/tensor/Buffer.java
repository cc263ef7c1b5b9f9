package larch.tensor;

/// Memory of float32 elements that tensors are windows onto: an array of the Java heap ([HostBuffer]), or memory of a
/// device that a backend owns.
///
/// Two tensors share elements only if their buffers are equal; equality is identity of the memory, not of its content.
public interface Buffer {
    /// @return the number of elements
    int size();

    /// @return where it lies, for messages, such as `host` or `opencl: NVIDIA H200`
    String place();

    /// The array behind this buffer.
    /// @return the array itself, not a copy
    /// @throws IllegalStateException if the elements do not lie on the heap
    default float[] array() {
        throw new IllegalStateException("tensor: its elements lie on " + place() + " and not in an array; copy them with "
                + "toArray() or read(...), change them with write(...)");
    }

    /// Copies elements to an array, after everything that is still computing them.
    /// @param from  first element
    /// @param to    the array; modified
    /// @param at    index of the first element in it
    /// @param count how many
    void read(int from, float[] to, int at, int count);

    /// Copies elements from an array, after everything that still uses the old ones; the array may change afterwards.
    /// @param from  the array; not modified
    /// @param at    index of the first element in it
    /// @param to    where they go
    /// @param count how many
    void write(float[] from, int at, int to, int count);
}
