package larch.opencl.gemm;

import java.util.List;
import larch.opencl.source.ProgramSource;

/// What happens to each finished element of C before it is stored, as OpenCL C: bias, ReLU, masks, noise.
///
/// The source defines `EPILOGUE(acc, row, col)` and, if it has arguments, `EPILOGUE_PARAMS`; `gemm_epilogue.cl` says how.
/// @param name what errors call it
/// @param source OpenCL C put before the kernel; empty for none
/// @param args the arguments of `EPILOGUE_PARAMS`, in order
public record GemmEpilogue(String name, String source, List<Object> args) {
    /// C is stored as it is.
    public static final GemmEpilogue NONE = new GemmEpilogue("none", "", List.of());

    /// Keeps a copy of the arguments.
    public GemmEpilogue {
        args = List.copyOf(args);
    }

    /// @param program the program of a kernel
    /// @return the same with this epilogue
    ProgramSource before(ProgramSource program) {
        return new ProgramSource(program.name() + " with " + name, source + "\n" + program.text(), program.options());
    }
}
