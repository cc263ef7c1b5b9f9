package larch.backend.simd;

import java.lang.constant.ClassDesc;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// A vector width for which kernels are compiled.
///
/// @param bits  128, 256 or 512
/// @param lanes floats in one vector
record SimdWidth(int bits, int lanes) {
    static final ClassDesc SPECIES_TYPE = VectorSpecies.class.describeConstable().orElseThrow();

    /// @param bits 128, 256 or 512; 0 takes the machine's preferred width
    static SimdWidth of(int bits) {
        int chosen = bits == 0 ? Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512) : bits;
        if (chosen != 128 && chosen != 256 && chosen != 512) {
            throw new IllegalArgumentException("vectorBits: expected 0 (preferred), 128, 256 or 512, got " + bits);
        }
        return new SimdWidth(chosen, chosen / Float.SIZE);
    }

    /// @return the name of the constant in `FloatVector` that holds this width's species; kernels read it from
    ///         there because C2 needs the species to be a compile-time constant
    String speciesField() {
        return "SPECIES_" + bits;
    }
}
