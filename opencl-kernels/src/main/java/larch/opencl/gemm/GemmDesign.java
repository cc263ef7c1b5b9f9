package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a matrix kernel is made of. What it needs of its numbers follows from that, and is checked by [GemmRules].
///
/// @param resources  the files below `/cl` that make up the program, in order
/// @param traits     what it does, or cannot do without
/// @param tiles      how A and B lie in local memory
/// @param arithmetic in which numbers it multiplies
record GemmDesign(List<String> resources, Set<Trait> traits, Tiles tiles, Arithmetic arithmetic) {
    /// A kernel does it, or needs it.
    enum Trait {
        /// Extents need not be multiples of the tile.
        ANY_SIZE,
        /// Any strides, offsets and epilogue.
        STRIDES,
        /// A work-item computes one element.
        ONE_ELEMENT,
        /// A work-item loads one element of either tile.
        SQUARE_TILES,
        /// Loads of several floats.
        VECTORS,
        /// KWI steps are unrolled.
        UNROLLED,
        /// A work-group is made of whole warps.
        WARPS,
        /// For the numbers it ships with, and a CPU.
        ONE_SET_OF_NUMBERS,
        /// Instructions of NVIDIA that OpenCL C has no words for.
        PTX
    }

    /// A kernel that multiplies floats, without local memory.
    static GemmDesign of(String... resources) {
        return new GemmDesign(List.of(resources), EnumSet.noneOf(Trait.class), Tiles.NONE, Arithmetic.FLOATS);
    }

    GemmDesign with(Trait first, Trait... others) {
        return new GemmDesign(resources, EnumSet.of(first, others), tiles, arithmetic);
    }

    GemmDesign with(Tiles of) {
        return new GemmDesign(resources, traits, of, arithmetic);
    }

    /// A kernel on tensor cores.
    /// @param format of the operands
    /// @param parts  numbers of that format for one float
    /// @param staged whether asynchronous copies feed it, instead of two buffers
    static GemmDesign onTensorCores(Arithmetic.Format format, int parts, boolean staged) {
        List<String> files = new ArrayList<>(List.of("gemm_vectors.cl", "gemm_mma.cl"));
        if (staged) {
            files.add("gemm_copies.cl");
        }
        files.add(format == Arithmetic.Format.TF32 ? "gemm_tf32.cl" : "gemm_bf16.cl");
        files.add("gemm_tensor.cl");
        files.add(staged ? "gemm_tensor_async.cl" : "gemm_tensor_buffers.cl");
        Tiles tiles = format == Arithmetic.Format.TF32 ? new Tiles(true, 4, 8, 1) : new Tiles(true, 8, 4, 1);
        return new GemmDesign(files, EnumSet.of(Trait.VECTORS, Trait.WARPS, Trait.PTX),
                tiles.times(staged ? Tiles.AS_MANY_AS_FIT : 2), new Arithmetic(format, parts));
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /// @param p the numbers
    /// @return options for the compiler
    String options(GemmParams p) {
        String options = p.options();
        if (arithmetic.isShort()) {
            options += " -DPARTS=" + arithmetic.parts();
        }
        if (tiles.isStaged()) {
            options += " -DSTAGES=" + tiles.number(p);
        }
        // Clang warns of every vector that is wider than the CPU's registers and passed to a built-in function.
        return options + (has(Trait.ONE_SET_OF_NUMBERS) ? " -w" : "");
    }
}
