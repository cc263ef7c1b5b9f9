package larch.backend.simd;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.expr.Prim;
import larch.expr.Program;
import larch.expr.Render;
import larch.tensor.Axis;
import larch.tensor.Broadcast;

/// Compiles a fold of an [Expr] over the columns of each row, or over the rows of each column.
///
/// ```text
/// COLUMNS: for each row: acc[lanes] over whole vectors; fold the lanes in order 0, 1, 2, …; then the tail in order
/// ROWS:    for each group of columns: acc over all rows, in order
/// ```
///
/// The order is fixed by the width alone, so a result has the same bits on every run and for any number of threads.
final class ReduceCompiler {
    private record Key(Reduction reduction, Axis axis, Expr f, List<Broadcast> access) {
    }

    // Slots of ReduceKernel.run: 0 is `this`.
    private static final int OUT = 1;
    private static final int OUT_OFFSET = 2;
    private static final int ARGS = 3;
    private static final int OFFSETS = 4;
    private static final int ROWS = 5;
    private static final int COLS = 6;
    private static final int COL_STEP = 7;
    private static final int SCRATCH = 8;

    private final KernelCompiler compiler;
    private final SimdWidth width;
    private final ConcurrentMap<Key, ReduceKernel> kernels = new ConcurrentHashMap<>();

    ReduceCompiler(KernelCompiler compiler, SimdWidth width) {
        this.compiler = compiler;
        this.width = width;
    }

    /// @param reduction sum or maximum
    /// @param axis      ROWS or COLUMNS
    /// @param f         the function
    /// @param access    how each argument is read
    /// @return the kernel; compiled once
    ReduceKernel get(Reduction reduction, Axis axis, Expr f, Broadcast[] access) {
        Key key = new Key(reduction, axis, f, Arrays.asList(access));
        ReduceKernel kernel = kernels.get(key);
        return kernel != null ? kernel : kernels.computeIfAbsent(key, this::compile);
    }

    private ReduceKernel compile(Key key) {
        Program program = Program.of(key.f());
        String name = "reduce_" + width.bits() + "_" + Integer.toHexString(key.hashCode());
        String listing = "// " + key.reduction() + " over " + key.axis() + ", " + width.lanes()
                + " floats at a time; arguments " + key.access() + "\n// of " + key.f() + "\n" + Render.java(key.f());
        Broadcast[] access = key.access().toArray(Broadcast[]::new);
        return compiler.compile(ReduceKernel.class, name, listing, code -> {
            if (key.axis() == Axis.COLUMNS) {
                overColumns(code, new LoopEmitter(code, program, access, ARGS, OFFSETS), key.reduction());
            } else {
                overRows(code, new LoopEmitter(code, program, access, ARGS, OFFSETS), key.reduction());
            }
            code.return_();
        });
    }

    private void overColumns(CodeBuilder code, LoopEmitter emitter, Reduction reduction) {
        VectorLanes vectors = new VectorLanes(width);
        ScalarLanes scalars = new ScalarLanes();
        int bound = emitter.wholeVectors(COLS, width.lanes());
        int row = emitter.zero();
        int noOffset = emitter.zero();
        emitter.loop(row, ROWS, 1, () -> {
            int column = emitter.zero();
            int vectorAcc = identity(code, vectors, reduction);
            emitter.loop(column, bound, width.lanes(), () ->
                    fold(code, vectors, reduction, vectorAcc, emitter.evaluate(vectors, column)[0]));
            int zero = emitter.zero();
            vectors.store(code, LoopEmitter.at(SCRATCH, noOffset, zero), vectorAcc);
            int acc = identity(code, scalars, reduction);
            LoopEmitter.times(width.lanes(), lane -> {
                int value = code.allocateLocal(TypeKind.FLOAT);
                code.aload(SCRATCH).loadConstant(lane).faload().fstore(value);
                fold(code, scalars, reduction, acc, value);
            });
            emitter.loop(column, COLS, 1, () -> fold(code, scalars, reduction, acc, emitter.evaluate(scalars, column)[0]));
            scalars.store(code, LoopEmitter.at(OUT, OUT_OFFSET, row), acc);
            emitter.nextRow(COL_STEP);
        });
    }

    private void overRows(CodeBuilder code, LoopEmitter emitter, Reduction reduction) {
        VectorLanes vectors = new VectorLanes(width);
        int bound = emitter.wholeVectors(COLS, width.lanes());
        int column = emitter.zero();
        for (Lanes lanes : List.of(vectors, new ScalarLanes())) {
            emitter.loop(column, lanes == vectors ? bound : COLS, lanes.width(), () -> {
                emitter.firstRow(OFFSETS);
                int acc = identity(code, lanes, reduction);
                int row = emitter.zero();
                emitter.loop(row, ROWS, 1, () -> {
                    fold(code, lanes, reduction, acc, emitter.evaluate(lanes, column)[0]);
                    emitter.nextRow(COL_STEP);
                });
                lanes.store(code, LoopEmitter.at(OUT, OUT_OFFSET, column), acc);
            });
        }
    }

    private static int identity(CodeBuilder code, Lanes lanes, Reduction reduction) {
        int acc = code.allocateLocal(LoopEmitter.kind(lanes));
        code.loadConstant(reduction.identity());
        lanes.broadcast(code);
        code.storeLocal(LoopEmitter.kind(lanes), acc);
        return acc;
    }

    private static void fold(CodeBuilder code, Lanes lanes, Reduction reduction, int acc, int value) {
        lanes.call(code, reduction == Reduction.SUM ? Prim.ADD : Prim.MAX, acc, value, -1);
        code.storeLocal(LoopEmitter.kind(lanes), acc);
    }
}
