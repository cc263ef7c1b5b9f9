package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import larch.expr.Expr;
import larch.expr.Program;
import larch.expr.Render;
import larch.tensor.Broadcast;

/// Compiles [Expr]s to a loop over vectors of which the last one ends where the row ends.
///
/// ```text
/// for each row:
///     end = f…(vectors at cols - lanes)
///     for (c = 0; c < cols - lanes; c += lanes)   outs[…][c…] = f…(vectors at c)
///     outs[…][cols - lanes …] = end
/// ```
///
/// The last vector may overlap the one before it. Results may replace arguments, so it is computed before anything is
/// stored. Rows shorter than a vector take a loop over scalars. All results of an element are computed before the first
/// is stored.
final class ElementwiseCompiler {
    /// A kernel and what one element costs.
    ///
    /// @param kernel the code
    /// @param steps  number of loads and primitives for each element
    record Compiled(ElementwiseKernel kernel, int steps) {
    }

    private record Key(List<Expr> fs, List<Broadcast> access, int tables) {
    }

    // Slots of ElementwiseKernel.run: 0 is `this`.
    private static final int OUTS = 1;
    private static final int OUT_OFFSETS = 2;
    private static final int ARGS = 3;
    private static final int OFFSETS = 4;
    private static final int INDEX = 5;
    private static final int FIRST = 6;
    private static final int ROWS = 7;
    private static final int COLS = 8;

    private final KernelCompiler compiler;
    private final SimdWidth width;
    private final ConcurrentMap<Key, Compiled> kernels = new ConcurrentHashMap<>();

    ElementwiseCompiler(KernelCompiler compiler, SimdWidth width) {
        this.compiler = compiler;
        this.width = width;
    }

    /// @param fs     one function for each result
    /// @param access how each argument is read
    /// @param tables how many of the first arguments are tables of which rows are picked; 0 for none, else the results
    ///               replace those rows
    /// @return the kernel; compiled once
    Compiled get(Expr[] fs, Broadcast[] access, int tables) {
        Key key = new Key(Arrays.asList(fs), Arrays.asList(access), tables);
        Compiled compiled = kernels.get(key);
        return compiled != null ? compiled
                : kernels.computeIfAbsent(new Key(List.of(fs), List.of(access), tables), this::compile);
    }

    private Compiled compile(Key key) {
        Program program = Program.of(key.fs().toArray(Expr[]::new));
        String name = "elementwise_" + width.bits() + "_" + Integer.toHexString(key.hashCode());
        String listing = "// " + width.lanes() + " floats at a time; arguments " + key.access()
                + (key.tables() > 0 ? ", of which the first " + key.tables() + " are rows picked from tables" : "") + "\n"
                + key.fs().stream().map(f -> "// out = " + f + "\n" + Render.java(f)).collect(Collectors.joining("\n"));
        return new Compiled(compiler.compile(ElementwiseKernel.class, name, listing, code -> emit(code, program, key)),
                program.steps().size());
    }

    private void emit(CodeBuilder code, Program program, Key key) {
        LoopEmitter emitter = new LoopEmitter(code, program, key.access().toArray(Broadcast[]::new), ARGS, OFFSETS);
        int results = key.fs().size();
        int[] arrays = new int[results];
        int[] offsets = new int[results];
        for (int j = 0; j < results; j++) {
            if (key.tables() > 0) {
                arrays[j] = emitter.array(j);
                offsets[j] = emitter.rowOffset(j);
            } else {
                arrays[j] = code.allocateLocal(TypeKind.REFERENCE);
                offsets[j] = code.allocateLocal(TypeKind.INT);
                code.aload(OUTS).loadConstant(j).aaload().checkcast(CD_float.arrayType()).astore(arrays[j]);
                code.aload(OUT_OFFSETS).loadConstant(j).iaload().istore(offsets[j]);
            }
        }
        VectorLanes vectors = new VectorLanes(width);
        ScalarLanes scalars = new ScalarLanes();
        int last = code.allocateLocal(TypeKind.INT);
        code.iload(COLS).loadConstant(width.lanes()).isub().istore(last);
        int row = emitter.zero();
        Consumer<Runnable> forEachRow = body -> emitter.loop(row, ROWS, 1, () -> {
            if (key.tables() > 0) {
                emitter.pickRow(key.tables(), OFFSETS, INDEX, FIRST, COLS);
                code.iinc(FIRST, 1);
            }
            body.run();
            emitter.nextRow(COLS);
            if (key.tables() == 0) {
                for (int offset : offsets) {
                    code.iload(offset).iload(COLS).iadd().istore(offset);
                }
            }
        });
        Label isShort = code.newLabel();
        code.iload(last).iflt(isShort);
        forEachRow.accept(() -> {
            int[] atEnd = emitter.evaluate(vectors, last);
            int column = emitter.zero();
            emitter.loop(column, last, width.lanes(),
                    () -> store(code, vectors, arrays, offsets, column, emitter.evaluate(vectors, column)));
            store(code, vectors, arrays, offsets, last, atEnd);
        });
        code.return_().labelBinding(isShort);
        forEachRow.accept(() -> {
            int column = emitter.zero();
            emitter.loop(column, COLS, 1,
                    () -> store(code, scalars, arrays, offsets, column, emitter.evaluate(scalars, column)));
        });
        code.return_();
    }

    private static void store(CodeBuilder code, Lanes lanes, int[] arrays, int[] offsets, int column, int[] values) {
        for (int j = 0; j < values.length; j++) {
            lanes.store(code, LoopEmitter.at(arrays[j], offsets[j], column), values[j]);
        }
    }
}
