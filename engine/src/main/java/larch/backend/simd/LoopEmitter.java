package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import larch.expr.Program;
import larch.tensor.Broadcast;

/// The parts that element-wise and reduction kernels share: unpacking arguments, counted loops, and one evaluation of a
/// [Program] on scalars or vectors.
///
/// Kernels see arguments as `float[][] args` and `int[] offsets`. For each one the emitter keeps a local for the array
/// and one for the offset of the current row.
final class LoopEmitter {
    private final CodeBuilder code;
    private final Program program;
    private final Broadcast[] access;
    private final int[] arrays;
    private final int[] rowOffsets;

    /// Emits the prologue.
    /// @param code    where to emit
    /// @param program the function of one element
    /// @param access  how each argument is read
    /// @param args    local of the `float[][]`
    /// @param offsets local of the `int[]`
    LoopEmitter(CodeBuilder code, Program program, Broadcast[] access, int args, int offsets) {
        this.code = code;
        this.program = program;
        this.access = access;
        this.arrays = new int[access.length];
        this.rowOffsets = new int[access.length];
        for (int i = 0; i < access.length; i++) {
            arrays[i] = code.allocateLocal(TypeKind.REFERENCE);
            rowOffsets[i] = code.allocateLocal(TypeKind.INT);
            code.aload(args).loadConstant(i).aaload().checkcast(CD_float.arrayType()).astore(arrays[i]);
            code.aload(offsets).loadConstant(i).iaload().istore(rowOffsets[i]);
        }
    }

    /// Emits `for (; index < bound; index += step) body`.
    /// @param index local of the loop variable, already set
    /// @param bound local of the bound
    /// @param step  a constant
    /// @param body  emits the body
    void loop(int index, int bound, int step, Runnable body) {
        Label test = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(test).iload(index).iload(bound).if_icmpge(end);
        body.run();
        code.iinc(index, step).goto_(test).labelBinding(end);
    }

    /// Emits `bound = n & -width`: as many columns as fill whole vectors.
    /// @param n     local of the column count
    /// @param width a power of two
    /// @return the local of the bound
    int wholeVectors(int n, int width) {
        int bound = code.allocateLocal(TypeKind.INT);
        code.iload(n).loadConstant(-width).iand().istore(bound);
        return bound;
    }

    /// Emits `local = 0` for a new local.
    /// @return the local
    int zero() {
        int local = code.allocateLocal(TypeKind.INT);
        code.loadConstant(0).istore(local);
        return local;
    }

    /// Emits one evaluation of the program.
    /// @param lanes  scalar or vector
    /// @param column local of the current column
    /// @return the local that holds each result
    int[] evaluate(Lanes lanes, int column) {
        List<Program.Step> steps = program.steps();
        int[] locals = new int[steps.size()];
        for (int i = 0; i < locals.length; i++) {
            locals[i] = code.allocateLocal(kind(lanes));
            switch (steps.get(i)) {
                case Program.Step.Load(int index) -> argument(lanes, index, column);
                case Program.Step.Literal literal -> {
                    code.loadConstant(literal.value());
                    lanes.broadcast(code);
                }
                case Program.Step.Call(var prim, int x, int y, int z) ->
                    lanes.call(code, prim, locals[x], y < 0 ? -1 : locals[y], z < 0 ? -1 : locals[z]);
                case Program.Step.Choose c -> lanes.choose(code, c.comparison(), locals[c.left()], locals[c.right()],
                        locals[c.ifTrue()], locals[c.ifFalse()]);
            }
            code.storeLocal(kind(lanes), locals[i]);
        }
        return program.results().stream().mapToInt(result -> locals[result]).toArray();
    }

    static TypeKind kind(Lanes lanes) {
        return TypeKind.from(lanes.type());
    }

    static Consumer<CodeBuilder> at(int array, int base, int index) {
        return code -> code.aload(array).iload(base).iload(index).iadd();
    }

    private void argument(Lanes lanes, int index, int column) {
        switch (access[index]) {
            case FULL, ROW -> lanes.load(code, at(arrays[index], rowOffsets[index], column));
            case COLUMN, SCALAR -> {
                code.aload(arrays[index]).iload(rowOffsets[index]).faload();
                lanes.broadcast(code);
            }
        }
    }

    /// Emits the step of every argument from one row to the next.
    /// @param cols local of the column count
    void nextRow(int cols) {
        for (int i = 0; i < access.length; i++) {
            switch (access[i]) {
                case FULL -> code.iload(rowOffsets[i]).iload(cols).iadd().istore(rowOffsets[i]);
                case COLUMN -> code.iinc(rowOffsets[i], 1);
                case ROW, SCALAR -> {
                }
            }
        }
    }

    /// Emits `offset = saved + index[row] * cols` for the first arguments, which are tables.
    /// @param tables  how many
    /// @param offsets local of the `int[]` of saved offsets
    /// @param index   local of the `int[]` of row numbers
    /// @param row     local of the place in `index`
    /// @param cols    local of the column count
    void pickRow(int tables, int offsets, int index, int row, int cols) {
        for (int i = 0; i < tables; i++) {
            code.aload(offsets).loadConstant(i).iaload()
                    .aload(index).iload(row).iaload().iload(cols).imul().iadd().istore(rowOffsets[i]);
        }
    }

    /// @param argument number of an argument
    /// @return the local of its array
    int array(int argument) {
        return arrays[argument];
    }

    /// @param argument number of an argument
    /// @return the local of the offset of its current row
    int rowOffset(int argument) {
        return rowOffsets[argument];
    }

    /// Emits `offset = saved` for every argument, so that a new pass over the rows can begin.
    /// @param offsets local of the `int[]`
    void firstRow(int offsets) {
        for (int i = 0; i < access.length; i++) {
            code.aload(offsets).loadConstant(i).iaload().istore(rowOffsets[i]);
        }
    }

    /// @param count how often to call
    /// @param body  called with 0, 1, …
    static void times(int count, IntConsumer body) {
        for (int i = 0; i < count; i++) {
            body.accept(i);
        }
    }
}
