package larch.checkpoint;

/// The element types that Larch reads; it writes [#F32] only.
enum DType {
    /// IEEE 754 binary32: taken over bit by bit.
    F32(4),
    /// IEEE 754 binary64: rounded to the nearest float32; a finite number beyond its range is an error.
    F64(8),
    /// IEEE 754 binary16: every value is also a float32.
    F16(2),
    /// The upper half of a binary32: every value is also a float32.
    BF16(2);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// The bytes of one element.
    int bytes() {
        return bytes;
    }

    /// The type of that name, or null.
    static DType named(String name) {
        for (DType dtype : values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        return null;
    }
}
