package larch.backend.simd;

/// The IEEE 754 single format, as the bit tricks of POW2, EXPONENT and MANTISSA use it.
final class FloatBits {
    static final int MANTISSA_BITS = 23;
    static final int MANTISSA_MASK = 0x007f_ffff;
    static final int EXPONENT_MASK = 0xff;
    /// The bits of 1f: exponent 0, biased.
    static final int ONE = 0x3f80_0000;
    /// The bits of 2²³, whose low bits are then an integer's.
    static final int TWO_POW_23 = 0x4b00_0000;
    /// 2²³ and the exponent bias 127.
    static final float TWO_POW_23_PLUS_BIAS = 8388735f;
    /// 1.5·2²³: added to a small integral float, its low bits are that integer in two's complement.
    static final float ROUNDER = 12582912f;

    private FloatBits() {
    }
}
