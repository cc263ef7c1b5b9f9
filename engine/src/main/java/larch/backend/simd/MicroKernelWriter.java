package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import larch.backend.simd.KernelWriter.Local;
import larch.expr.Prim;
import larch.expr.Program;
import larch.gemm.Microtile;
import larch.tensor.Broadcast;

/// Writes one microkernel, line by line.
///
/// ```text
/// for p in 0 … k-1:                                      registers: mr · vectors accumulators
///     b_0 … = row p of B                                            vectors vectors of B
///     for i in 0 … mr-1:                                            1 element of A, spread
///         for j: acc_i_j = fma(a(i, p), b_j, acc_i_j)
/// C = f(alpha · acc + beta · C)
/// ```
///
/// The accumulators are named local variables, never an array: C2 keeps a vector in a register only where
/// nothing needs the object, and an array of vectors needs its objects. Rows of B as vectors times broadcasts
/// of A is the microkernel of BLIS for a row-major C (Van Zee and van de Geijn, ACM TOMS 41(3), 2015).
final class MicroKernelWriter {
    private final KernelWriter out;
    private final Microtile tile;
    private final int mr;
    private final int vectors;
    private final VectorLanes lanes;

    // Parameters, in the order of MicroKernel.run.
    private final Local k;
    private final Local alpha;
    private final Local a;
    private final Local aOffset;
    private final Local aRowStride;
    private final Local aColStride;
    private final Local b;
    private final Local bOffset;
    private final Local bRowStride;
    private final Local beta;
    private final Local c;
    private final Local cOffset;
    private final Local cRowStride;
    private final Local epilogue;
    private final Local row;
    private final Local column;

    private final Local[][] acc;
    private final Local[] rowOfA;
    private final Local[] rowOfB;
    private final Local spreadA;

    MicroKernelWriter(KernelWriter out, SimdWidth width, Microtile tile) {
        this.out = out;
        this.tile = tile;
        mr = tile.mr();
        vectors = tile.vectors();
        ClassDesc floats = CD_float.arrayType();
        k = out.local("k", CD_int);
        alpha = out.local("alpha", CD_float);
        a = out.local("a", floats);
        aOffset = out.local("aOffset", CD_int);
        aRowStride = out.local("aRowStride", CD_int);
        aColStride = out.local("aColStride", CD_int);
        b = out.local("b", floats);
        bOffset = out.local("bOffset", CD_int);
        bRowStride = out.local("bRowStride", CD_int);
        beta = out.local("beta", CD_float);
        c = out.local("c", floats);
        cOffset = out.local("cOffset", CD_int);
        cRowStride = out.local("cRowStride", CD_int);
        epilogue = out.local("epilogue", OperandWriter.EPILOGUE);
        row = out.local("row", CD_int);
        column = out.local("column", CD_int);
        lanes = new VectorLanes(width);
        rowOfA = out.locals("ia_", mr, CD_int);
        rowOfB = out.locals("b_", vectors, lanes.type());
        acc = new Local[mr][];
        for (int i = 0; i < mr; i++) {
            acc[i] = out.locals("acc_" + i + "_", vectors, lanes.type());
        }
        spreadA = out.local("a_i", lanes.type());
    }

    void write() {
        out.text("// %d x %d microtile of C in %d accumulators; %s; arguments as in MicroKernel.run".formatted(
                mr, vectors * lanes.width(), mr * vectors, lanes.describe()));
        out.assign(rowOfA[0], "aOffset", aOffset::load);
        for (int i = 1; i < mr; i++) {
            out.assignSum(rowOfA[i], rowOfA[i - 1], aRowStride);
        }
        for (Local[] sums : acc) {
            for (Local sum : sums) {
                out.assign(sum, lanes.broadcastText("0"), code -> {
                    code.fconst_0();
                    lanes.broadcast(code);
                });
            }
        }
        loopOverK(tile.kUnroll());
        switch (tile.update()) {
            case SET -> { }
            case SCALE -> scale();
            case ADD -> add();
        }
        finish();
    }

    /// @return how many vector operations a kernel has: what a compiler's work depends on
    static int vectorOperations(Microtile tile) {
        int accumulators = tile.mr() * tile.vectors();
        int loop = tile.kUnroll() * (tile.vectors() + tile.mr() + accumulators);
        int update = accumulators * switch (tile.update()) {
            case SET -> 0;
            case SCALE -> 1;
            case ADD -> 3;
        };
        int function = 0;
        for (Program.Step step : Program.of(tile.form().f()).steps()) {
            function += switch (step) {
                case Program.Step.Load _, Program.Step.Literal _ -> 0;
                case Program.Step.Call _ -> 1;
                case Program.Step.Choose _ -> 2;
            };
        }
        int reads = (int) tile.form().access().stream().filter(Broadcast.FULL::equals).count();
        return 2 * accumulators + loop + update + (function + reads) * accumulators;
    }

    /// The end is where B ends and not a count of steps: C2 cuts counted loops into a loop around a loop, for its
    /// safepoints, and into a first, a main and a last part, which cost a twelfth of the speed.
    private void loopOverK(int kUnroll) {
        if (kUnroll > 1) {
            Local unrolledEnd = endOfB("unrolledEnd", "(k - k % " + kUnroll + ")", code -> {
                k.load(code);
                k.load(code);
                code.loadConstant(kUnroll).irem().isub();
            });
            Local end = endOfB("end", "k", k::load);
            out.until(bOffset, unrolledEnd, () -> {
                for (int u = 0; u < kUnroll; u++) {
                    step();
                }
            });
            out.until(bOffset, end, this::step);
        } else {
            out.until(bOffset, endOfB("end", "k", k::load), this::step);
        }
    }

    private Local endOfB(String name, String text, Consumer<CodeBuilder> steps) {
        Local end = out.local(name, CD_int);
        out.assign(end, "bOffset + " + text + " * bRowStride", code -> {
            bOffset.load(code);
            steps.accept(code);
            bRowStride.load(code);
            code.imul().iadd();
        });
        return end;
    }

    /// Column p of A times row p of B: one fused multiply-add for each accumulator.
    private void step() {
        for (int j = 0; j < vectors; j++) {
            load(rowOfB[j], b, bOffset, j);
        }
        out.assignSum(bOffset, bOffset, bRowStride);
        for (int i = 0; i < mr; i++) {
            Local index = rowOfA[i];
            out.assign(spreadA, lanes.broadcastText("a[" + index.name() + "]"), code -> {
                a.load(code);
                index.load(code);
                code.faload();
                lanes.broadcast(code);
            });
            out.assignSum(index, index, aColStride);
            for (int j = 0; j < vectors; j++) {
                out.call(lanes, acc[i][j], Prim.FMA, spreadA, rowOfB[j], acc[i][j]);
            }
        }
    }

    /// The accumulators become elements of C: `acc ← alpha · acc`.
    private void scale() {
        Local factor = out.local("factor", lanes.type());
        spread(factor, alpha);
        for (Local[] sums : acc) {
            for (Local sum : sums) {
                out.call(lanes, sum, Prim.MUL, factor, sum, null);
            }
        }
    }

    /// The accumulators become elements of C: `acc ← alpha · acc + beta · C`.
    private void add() {
        Local factor = out.local("factor", lanes.type());
        Local old = out.local("old", lanes.type());
        Local oldFactor = out.local("oldFactor", lanes.type());
        spread(factor, alpha);
        spread(oldFactor, beta);
        Local at = out.local("at", CD_int);
        out.assign(at, "cOffset", cOffset::load);
        eachRowOfC(at, i -> {
            for (int j = 0; j < vectors; j++) {
                load(old, c, at, j);
                out.call(lanes, old, Prim.MUL, oldFactor, old, null);
                out.call(lanes, acc[i][j], Prim.FMA, factor, acc[i][j], old);
            }
        });
    }

    /// What follows a product element by element, while the values are in registers, and the store.
    private void finish() {
        if (tile.form().isNone()) {
            eachRowOfC(cOffset, i -> {
                for (int j = 0; j < vectors; j++) {
                    store(j, acc[i][j]);
                }
            });
            return;
        }
        out.text("// " + tile.form().f() + " of acc and operands " + tile.form().access());
        OperandWriter operands = new OperandWriter(out, lanes, tile.form(), epilogue, row, column, vectors);
        ExpressionWriter function = new ExpressionWriter(out, Program.of(tile.form().f()), lanes, "t");
        operands.begin();
        function.begin();
        eachRowOfC(cOffset, i -> {
            operands.beginRow(i == 0);
            for (int j = 0; j < vectors; j++) {
                Local[] read = operands.read(j);
                Local product = acc[i][j];
                store(j, function.write(argument -> argument == 0 ? product : read[argument - 1]));
            }
        });
    }

    private void eachRowOfC(Local offset, IntConsumer body) {
        for (int i = 0; i < mr; i++) {
            body.accept(i);
            if (i < mr - 1) {
                out.assignSum(offset, offset, cRowStride);
            }
        }
    }

    private void spread(Local target, Local value) {
        out.assign(target, lanes.broadcastText(value.name()), code -> {
            value.load(code);
            lanes.broadcast(code);
        });
    }

    private void load(Local target, Local array, Local offset, int j) {
        out.assign(target, lanes.loadText(array.name(), at(offset, j)),
                code -> lanes.load(code, address(array, offset, j)));
    }

    private void store(int j, Local value) {
        out.line(lanes.storeText("c", at(cOffset, j), value.name()),
                code -> lanes.store(code, address(c, cOffset, j), value.slot()));
    }

    private Consumer<CodeBuilder> address(Local array, Local offset, int j) {
        return code -> {
            array.load(code);
            offset.load(code);
            if (j > 0) {
                code.loadConstant(j * lanes.width()).iadd();
            }
        };
    }

    private String at(Local offset, int j) {
        return j == 0 ? offset.name() : offset.name() + " + " + j * lanes.width();
    }
}
