package larch.gemm;

/// The numbers that shape a matrix product on one kind of machine: which microtile, which cache blocks, which
/// path. They change the speed and, of the results, one thing only: each element of C is one chain of fused
/// multiply-adds over `kc` steps, so another `kc` rounds differently where `k > kc`. So `kc` is the same everywhere and
/// never tuned; the other numbers are data, which [GemmTuning] reads.
///
/// ```text
/// register  mr × nr   microtile: mr · vectors accumulators, vectors vectors of B and one element of A in registers
/// L1 cache  mr × kc   micropanel of A
/// L2 cache  kc × nb   panels of B that stay while a block of A passes
///           mc × kc   block of A
/// L3 cache  kc × nc   block of B
/// ```
///
/// @param lanes            floats in one vector
/// @param mr               rows of the microtile
/// @param vectors          columns of the microtile in vectors; `nr = vectors · lanes`
/// @param kUnroll          steps written out in one turn of the microkernel's loop
/// @param mc               rows of the block of A that is packed at once
/// @param kc               steps that one pass over C takes
/// @param nb               columns of B that stay in L2; rounded down to whole panels, but one at least
/// @param nc               columns of the block of B that is packed at once
/// @param scalarWork       products of at most this many multiply-adds take the scalar loops
/// @param unpackedFloats   a matrix op(B) of at most this many elements is read where it lies, without
///                         packing
/// @param unpackedRows     and so is any op(B) if C has at most this many rows: packing would cost more than
///                         the product
/// @param parallelWork     products of fewer multiply-adds stay on the calling thread
public record GemmBlocking(int lanes, int mr, int vectors, int kUnroll, int mc, int kc, int nb, int nc,
                           long scalarWork, int unpackedFloats, int unpackedRows, long parallelWork) {
    /// Checks that each number makes sense.
    public GemmBlocking {
        atLeastOne("lanes", lanes);
        atLeastOne("mr", mr);
        atLeastOne("vectors", vectors);
        atLeastOne("kUnroll", kUnroll);
        atLeastOne("mc", mc);
        atLeastOne("kc", kc);
        atLeastOne("nb", nb);
        atLeastOne("nc", nc);
        if (scalarWork < 0 || unpackedFloats < 0 || unpackedRows < 0 || parallelWork < 0) {
            throw new IllegalArgumentException("gemm blocking: thresholds must be >= 0; got scalarWork " + scalarWork
                    + ", unpackedFloats " + unpackedFloats + ", unpackedRows " + unpackedRows + ", parallelWork "
                    + parallelWork);
        }
    }

    /// @param bits 128, 256 or 512
    /// @return the blocking that ships for vectors of that many bits: a row of `shipped.tuning`
    public static GemmBlocking forVectorBits(int bits) {
        return switch (bits) {
            case 128, 256, 512 -> GemmTuning.shipped(bits);
            default -> throw new IllegalArgumentException("gemm blocking: expected 128, 256 or 512 bits; got " + bits);
        };
    }

    /// @return columns of the microtile
    public int nr() {
        return vectors * lanes;
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("gemm blocking: " + name + " must be >= 1; got " + value);
        }
    }
}
