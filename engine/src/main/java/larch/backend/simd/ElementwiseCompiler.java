package larch.backend.simd;

import java.lang.classfile.CodeBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import larch.expr.Expr;
import larch.expr.Program;
import larch.expr.Render;
import larch.tensor.Broadcast;

/// Compiles an [Expr] to a loop over whole vectors and a scalar loop over the tail.
///
/// ```text
/// for each row:
///     for (c = 0; c < cols & -lanes; c += lanes)  out[c…] = f(vectors)
///     for (; c < cols; c++)                       out[c]  = f(scalars)
/// ```
final class ElementwiseCompiler {
    private record Key(Expr f, List<Broadcast> access) {
    }

    // Slots of ElementwiseKernel.run: 0 is `this`.
    private static final int OUT = 1;
    private static final int OUT_OFFSET = 2;
    private static final int ARGS = 3;
    private static final int OFFSETS = 4;
    private static final int ROWS = 5;
    private static final int COLS = 6;

    private final KernelCompiler compiler;
    private final SimdWidth width;
    private final ConcurrentMap<Key, ElementwiseKernel> kernels = new ConcurrentHashMap<>();

    ElementwiseCompiler(KernelCompiler compiler, SimdWidth width) {
        this.compiler = compiler;
        this.width = width;
    }

    /// @param f      the function
    /// @param access how each argument is read
    /// @return the kernel; compiled once
    ElementwiseKernel get(Expr f, Broadcast[] access) {
        Key key = new Key(f, Arrays.asList(access));
        ElementwiseKernel kernel = kernels.get(key);
        return kernel != null ? kernel : kernels.computeIfAbsent(key, this::compile);
    }

    private ElementwiseKernel compile(Key key) {
        Program program = Program.of(key.f());
        String name = "elementwise_" + width.bits() + "_" + Integer.toHexString(key.hashCode());
        String listing = "// " + width.lanes() + " floats at a time, then a scalar tail; arguments " + key.access() + "\n"
                + "// out = " + key.f() + "\n" + Render.java(key.f());
        return compiler.compile(ElementwiseKernel.class, name, listing,
                code -> emit(code, program, key.access().toArray(Broadcast[]::new)));
    }

    private void emit(CodeBuilder code, Program program, Broadcast[] access) {
        LoopEmitter emitter = new LoopEmitter(code, program, access, ARGS, OFFSETS);
        VectorLanes vectors = new VectorLanes(width);
        ScalarLanes scalars = new ScalarLanes();
        int bound = emitter.wholeVectors(COLS, width.lanes());
        int row = emitter.zero();
        emitter.loop(row, ROWS, 1, () -> {
            int column = emitter.zero();
            for (Lanes lanes : List.of(vectors, scalars)) {
                emitter.loop(column, lanes == vectors ? bound : COLS, lanes.width(), () ->
                        lanes.store(code, LoopEmitter.at(OUT, OUT_OFFSET, column), emitter.evaluate(lanes, column)));
            }
            emitter.nextRow(COLS);
            code.iload(OUT_OFFSET).iload(COLS).iadd().istore(OUT_OFFSET);
        });
        code.return_();
    }
}
