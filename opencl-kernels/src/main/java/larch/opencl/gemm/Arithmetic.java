package larch.opencl.gemm;

/// In which numbers a kernel multiplies, and how far its sums may be from exact ones.
///
/// A tensor core takes short operands, so each float is split into `q` parts of `t` bits, and products of parts `i` and `j` with
/// `i + j < q` are added, the smallest first. `s` steps are summed by one instruction for each such product:
///
/// ```text
/// |C − C64| ≤ e · |A| |B|     e = (q + 1) · 2^−tq  +  s · 2⁻²³ · Σ_{d<q} (d + 1) · 2^−td  +  ⌈k/s⌉ · 2⁻²⁴     q > 1
///                             e = 2 · 2^−t         +  ⌈k/s⌉ · s · 2⁻²³                                      q = 1
/// ```
///
/// and `2⁻⁶ e` more for what is of higher order. The first number is what the splitting loses: the rest of a float, `2^−tq`
/// of it, twice, and `q − 1` products with `i + j = q`. Then come the instructions. Each adds `s + 1` numbers, aligned to the
/// largest and cut off about where that ends: less than `s · 2⁻²³` of it. With one part that goes on for all of k, with more
/// parts the sums of `s` steps are added in floats. Source: M. Fasi, N. J. Higham, M. Mikaitis, S. Pranesh, *Numerical
/// behavior of NVIDIA tensor cores*, PeerJ Computer Science 7, 2021.
///
/// @param format of the operands
/// @param parts  q, numbers of that format for one float
record Arithmetic(Format format, int parts) {
    /// Floats, multiplied by `fma`.
    static final Arithmetic FLOATS = new Arithmetic(Format.FLOAT, 1);

    /// The formats of operands.
    enum Format {
        /// 24 bits.
        FLOAT(24, 1),
        /// 11 bits, of which 10 are stored.
        TF32(11, 8),
        /// 8 bits, of which 7 are stored.
        BF16(8, 16);

        private final int bits;
        private final int steps;

        Format(int bits, int steps) {
            this.bits = bits;
            this.steps = steps;
        }

        /// @return t, the bits of a significand
        int bits() {
            return bits;
        }

        /// @return s, the steps of one instruction
        int steps() {
            return steps;
        }
    }

    /// @return whether tensor cores multiply
    boolean isShort() {
        return format != Format.FLOAT;
    }

    /// @param k steps
    /// @return e, the largest error of an element, in parts of the sum of magnitudes
    double bound(int k) {
        if (!isShort()) {
            return k * 0x1p-24 / (1 - k * 0x1p-24);
        }
        double cut = format.steps() * 0x1p-23;
        int blocks = Math.ceilDiv(k, format.steps());
        double sums = parts == 1 ? blocks * cut : blocks * 0x1p-24;
        for (int d = 0; parts > 1 && d < parts; d++) {
            sums += (d + 1) * cut * Math.scalb(1.0, -format.bits() * d);
        }
        return ((parts + 1) * Math.scalb(1.0, -format.bits() * parts) + sums) * (1 + 0x1p-6);
    }
}
