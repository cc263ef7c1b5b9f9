package larch.opencl.fused;

import larch.backend.KernelCall;
import larch.gemm.Gemm;
import larch.tensor.Buffer;

/// What the host passes to a fused kernel, in the order of [FusedSource#arguments].
public sealed interface FusedArgument {
    /// Memory and the offset of its first element: two parameters.
    /// @param buffer the memory
    /// @param offset the first element
    record Floats(Buffer buffer, int offset) implements FusedArgument {
    }

    /// The indices of gathered rows, which the host uploads before each run.
    /// @param indices the array
    /// @param first   the first of them
    /// @param count   how many
    record Indices(int[] indices, int first, int count) implements FusedArgument {
    }

    /// The table of a series, and where in it the first turn finds its row: two parameters, the second set before each run.
    /// @param row whose series
    record Table(KernelCall.SeriesRow row) implements FusedArgument {
    }

    /// The key of a random stream, which may change from run to run.
    /// @param draw whose stream
    record Key(KernelCall.Draw draw) implements FusedArgument {
    }

    /// `op(B)` by rows, `ld` floats apart: a copy that the host makes before each run.
    /// @param g  whose B
    /// @param ld distance between rows
    record Turned(Gemm g, int ld) implements FusedArgument {
    }
}
