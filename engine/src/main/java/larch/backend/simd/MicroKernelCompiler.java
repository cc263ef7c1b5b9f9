package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import larch.backend.simd.KernelWriter.Local;
import larch.expr.Prim;
import larch.gemm.Epilogue;
import larch.gemm.EpilogueKernel;
import larch.gemm.MicroKernel;
import larch.gemm.MicroKernels;

/// Compiles the microkernel of any microtile: `mr` rows by `vectors` vectors, or by one single column in
/// scalars.
///
/// ```text
/// for p in 0 … k-1:                                      registers: mr · vectors accumulators
///     b_0 … = row p of B                                            vectors elements of B
///     for i in 0 … mr-1:                                            1 element of A, spread
///         for j: acc_i_j = fma(a(i, p), b_j, acc_i_j)
/// C = alpha · acc + beta · C
/// ```
///
/// The accumulators are named local variables, never an array: C2 keeps a vector in a register only where
/// nothing needs the object, and an array of vectors needs its objects. Rows of B as vectors times broadcasts
/// of A is the microkernel of BLIS for a row-major C (Van Zee and van de Geijn, ACM TOMS 41(3), 2015).
final class MicroKernelCompiler implements MicroKernels {
    private record Microtile(int mr, int vectors, int kUnroll) {
        private boolean isColumn() {
            return vectors == 0;
        }
    }

    private final KernelCompiler compiler;
    private final SimdWidth width;
    private final EpilogueCompiler epilogues;
    private final ConcurrentMap<Microtile, MicroKernel> kernels = new ConcurrentHashMap<>();

    /// @param compiler defines the classes
    /// @param width    vector width of the kernels
    MicroKernelCompiler(KernelCompiler compiler, SimdWidth width) {
        this.compiler = compiler;
        this.width = width;
        epilogues = new EpilogueCompiler(compiler);
    }

    @Override
    public int lanes() {
        return width.lanes();
    }

    @Override
    public MicroKernel tile(int mr, int vectors, int kUnroll) {
        if (vectors < 1) {
            throw new IllegalArgumentException("microkernel: vectors must be >= 1; got " + vectors
                    + "; for a single column use column(mr, kUnroll)");
        }
        return get(new Microtile(mr, vectors, kUnroll));
    }

    @Override
    public MicroKernel column(int mr, int kUnroll) {
        return get(new Microtile(mr, 0, kUnroll));
    }

    @Override
    public EpilogueKernel epilogue(Epilogue.Form form) {
        return epilogues.get(form);
    }

    private MicroKernel get(Microtile microtile) {
        if (microtile.mr < 1 || microtile.kUnroll < 1) {
            throw new IllegalArgumentException("microkernel: mr and kUnroll must be >= 1; got mr " + microtile.mr
                    + " and kUnroll " + microtile.kUnroll);
        }
        return kernels.computeIfAbsent(microtile, this::compile);
    }

    private MicroKernel compile(Microtile microtile) {
        KernelWriter out = write(microtile);
        String name = microtile.isColumn()
                ? "gemm_%dx1_k%d".formatted(microtile.mr, microtile.kUnroll)
                : "gemm_%dx%d_k%d_%d".formatted(microtile.mr, microtile.vectors, microtile.kUnroll, width.bits());
        return compiler.compile(MicroKernel.class, name, out.listing(), out::emit);
    }

    private KernelWriter write(Microtile microtile) {
        KernelWriter out = new KernelWriter();
        if (microtile.isColumn()) {
            new Body(out, new ScalarLanes(), microtile.mr, 1).write(microtile.kUnroll);
        } else {
            new Body(out, new VectorLanes(width), microtile.mr, microtile.vectors).write(microtile.kUnroll);
        }
        return out;
    }

    /// One kernel, line by line.
    private static final class Body {
        private final KernelWriter out;
        private final Lanes lanes;
        private final int mr;
        private final int columns;

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

        private final Local[][] acc;
        private final Local[] rowOfA;
        private final Local[] rowOfB;
        private final Local spreadA;

        Body(KernelWriter out, Lanes lanes, int mr, int columns) {
            this.out = out;
            this.lanes = lanes;
            this.mr = mr;
            this.columns = columns;
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
            rowOfA = out.locals("ia_", mr, CD_int);
            rowOfB = out.locals("b_", columns, lanes.type());
            acc = new Local[mr][];
            for (int i = 0; i < mr; i++) {
                acc[i] = out.locals("acc_" + i + "_", columns, lanes.type());
            }
            spreadA = out.local("a_i", lanes.type());
        }

        void write(int kUnroll) {
            out.text("// %d x %d microtile of C in %d accumulators; %s; arguments as in MicroKernel.run".formatted(
                    mr, columns * lanes.width(), mr * columns, lanes.describe()));
            out.assign(rowOfA[0], "aOffset", aOffset::load);
            for (int i = 1; i < mr; i++) {
                out.assignSum(rowOfA[i], rowOfA[i - 1], aRowStride);
            }
            for (Local[] row : acc) {
                for (Local sum : row) {
                    out.assign(sum, lanes.broadcastText("0"), code -> {
                        code.fconst_0();
                        lanes.broadcast(code);
                    });
                }
            }
            loopOverK(kUnroll);
            epilogue();
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
            for (int j = 0; j < columns; j++) {
                out.assign(rowOfB[j], lanes.loadText("b", at("bOffset", j)), load(b, bOffset, j));
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
                for (int j = 0; j < columns; j++) {
                    out.call(lanes, acc[i][j], Prim.FMA, spreadA, rowOfB[j], acc[i][j]);
                }
            }
        }

        /// From the accumulators to C. What follows a product element by element (bias, activation) belongs
        /// here, between scaling and store, while the values are in registers.
        private void epilogue() {
            Local scale = out.local("scale", lanes.type());
            Local oldScale = out.local("oldScale", lanes.type());
            Local value = out.local("value", lanes.type());
            spread(scale, alpha);
            // Two paths are enough: alpha = 1 and beta = 1 multiply exactly, and a product per store is free.
            out.ifZero(beta, () -> eachRowOfC(i -> {
                for (int j = 0; j < columns; j++) {
                    out.call(lanes, value, Prim.MUL, scale, acc[i][j], null);
                    store(j, value);
                }
            }), () -> {
                spread(oldScale, beta);
                eachRowOfC(i -> {
                    for (int j = 0; j < columns; j++) {
                        out.assign(value, lanes.loadText("c", at("cOffset", j)), load(c, cOffset, j));
                        out.call(lanes, value, Prim.MUL, oldScale, value, null);
                        out.call(lanes, value, Prim.FMA, scale, acc[i][j], value);
                        store(j, value);
                    }
                });
            });
        }

        private void eachRowOfC(IntConsumer row) {
            for (int i = 0; i < mr; i++) {
                row.accept(i);
                if (i < mr - 1) {
                    out.assignSum(cOffset, cOffset, cRowStride);
                }
            }
        }

        private void spread(Local target, Local value) {
            out.assign(target, lanes.broadcastText(value.name()), code -> {
                value.load(code);
                lanes.broadcast(code);
            });
        }

        private void store(int j, Local value) {
            out.line(lanes.storeText("c", at("cOffset", j), value.name()),
                    code -> lanes.store(code, address(c, cOffset, j), value.slot()));
        }

        private Consumer<CodeBuilder> load(Local array, Local offset, int j) {
            return code -> lanes.load(code, address(array, offset, j));
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

        private String at(String offset, int j) {
            return j == 0 ? offset : offset + " + " + j * lanes.width();
        }
    }
}
