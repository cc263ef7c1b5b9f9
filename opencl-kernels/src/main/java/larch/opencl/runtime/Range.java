package larch.opencl.runtime;

/// Checks positions of elements of four bytes.
final class Range {
    private Range() {}

    /// @param operation for the error
    /// @param where for the error, as in `the array`
    /// @param from the first element
    /// @param n how many
    /// @param bytes how large `where` is
    static void check(String operation, String where, long from, long n, long bytes) {
        long size = bytes / Float.BYTES;
        if (from < 0 || n < 0 || n > size - from) {
            throw new IndexOutOfBoundsException("opencl " + operation + ": " + where + " has " + size
                    + " elements, got " + n + " from position " + from);
        }
    }
}
