package larch.backend.reference;

import java.util.Arrays;
import java.util.List;
import larch.backend.Backend;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.expr.Expr;
import larch.expr.InDouble;
import larch.gemm.Gemm;
import larch.gemm.GemmNaive;
import larch.tensor.Broadcast;
import larch.tensor.CsrMatrix;
import larch.tensor.Tensor;

/// Every kernel as plain loops with double precision inside and one rounding at the end: the specification.
///
/// Other backends are tested against this one, and gradients are checked on it. It is meant to be read, not to be fast.
public final class ReferenceBackend extends Backend {
    /// The backend; it has no state.
    public ReferenceBackend() {
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String describe() {
        return "reference: plain loops in double precision, 1 thread";
    }

    @Override
    public String numerics() {
        return name();
    }

    @Override
    public Runnable prepare(KernelCall call) {
        return switch (call) {
            case KernelCall.Product(Gemm g) -> () -> GemmNaive.run(g);
            case KernelCall.Elementwise e -> {
                InDouble functions = new InDouble(functions(e.fs()));
                yield () -> elementwise(e, functions);
            }
            case KernelCall.Reduce r -> {
                InDouble function = new InDouble(r.f());
                yield () -> reduce(r, function);
            }
            case KernelCall.Rows r -> () -> rows(r);
            case KernelCall.RowUpdate u -> {
                InDouble functions = new InDouble(functions(u.fs()));
                yield () -> rowUpdate(u, functions);
            }
            case KernelCall.SparseProduct(var sparse, boolean transposed, var dense, var out) ->
                transposed ? () -> multiplyTransposed(sparse, dense, out) : () -> multiply(sparse, dense, out);
            case KernelCall.Copy(Block block) -> () -> copy(block);
            case KernelCall.SeriesRow s -> () -> seriesRow(s);
            case KernelCall.Draw(boolean normal, var stream, long first, var out) ->
                normal ? () -> stream.normals(out.data(), out.offset(), out.size(), first)
                        : () -> stream.uniforms(out.data(), out.offset(), out.size(), first);
            case KernelCall.Host host -> host.action();
        };
    }

    private static void elementwise(KernelCall.Elementwise e, InDouble functions) {
        Tensor[] args = e.args().toArray(Tensor[]::new);
        Broadcast[] access = e.access();
        int cols = e.walked().cols();
        double[] values = new double[args.length];
        for (int i = 0; i < e.walked().size(); i++) {
            load(args, access, i / cols, i % cols, cols, values, 0);
            double[] results = functions.of(values);
            for (int j = 0; j < results.length; j++) {
                Tensor out = e.outs().get(j);
                out.data()[out.offset() + i] = (float) results[j];
            }
        }
    }

    private static Expr[] functions(List<Expr> fs) {
        return fs.toArray(Expr[]::new);
    }

    private static void rowUpdate(KernelCall.RowUpdate u, InDouble functions) {
        int count = u.checkedCount();
        Tensor[] args = u.args().toArray(Tensor[]::new);
        int tables = u.tables().size();
        Broadcast[] access = Arrays.copyOfRange(u.access(), tables, tables + args.length);
        int cols = u.tables().getFirst().dim(1);
        double[] values = new double[tables + args.length];
        for (int i = 0; i < count; i++) {
            int row = u.rows().rows()[i];
            for (int c = 0; c < cols; c++) {
                for (int t = 0; t < tables; t++) {
                    values[t] = u.tables().get(t).get(row, c);
                }
                load(args, access, i, c, cols, values, tables);
                double[] results = functions.of(values);
                for (int t = 0; t < tables; t++) {
                    u.tables().get(t).set((float) results[t], row, c);
                }
            }
        }
    }

    private static void reduce(KernelCall.Reduce r, InDouble function) {
        Tensor[] args = r.args().toArray(Tensor[]::new);
        Broadcast[] access = r.access();
        int cols = r.walked().cols();
        double[] folded = new double[r.out().size()];
        Arrays.fill(folded, r.reduction().identity());
        double[] values = new double[args.length];
        for (int row = 0; row < r.walked().rows(); row++) {
            for (int c = 0; c < cols; c++) {
                load(args, access, row, c, cols, values, 0);
                double value = function.of(values)[0];
                int at = switch (r.axis()) {
                    case ROWS -> c;
                    case COLUMNS -> row;
                    case ALL -> 0;
                };
                folded[at] = switch (r.reduction()) {
                    case SUM -> folded[at] + value;
                    case MAX -> Math.max(folded[at], value);
                };
            }
        }
        for (int i = 0; i < folded.length; i++) {
            r.out().data()[r.out().offset() + i] = (float) folded[i];
        }
    }

    /// @param at where in `values` the first argument goes
    private static void load(Tensor[] args, Broadcast[] access, int r, int c, int cols, double[] values, int at) {
        for (int i = 0; i < args.length; i++) {
            int element = switch (access[i]) {
                case FULL -> r * cols + c;
                case ROW -> c;
                case COLUMN -> r;
                case SCALAR -> 0;
            };
            values[at + i] = args[i].data()[args[i].offset() + element];
        }
    }

    private static void rows(KernelCall.Rows r) {
        r.checkIndices();
        int n = r.source().dim(1);
        float[] source = r.source().data();
        float[] target = r.target().data();
        double[] sums = new double[r.kind() == KernelCall.Rows.Kind.SCATTER_ADD ? r.target().size() : 0];
        for (int i = 0; i < r.count(); i++) {
            int row = r.indices()[r.first() + i];
            int from = r.source().offset() + (r.kind() == KernelCall.Rows.Kind.GATHER ? row : i) * n;
            int to = (r.kind() == KernelCall.Rows.Kind.GATHER ? i : row) * r.step();
            for (int j = 0; j < n; j++) {
                if (r.kind() == KernelCall.Rows.Kind.SCATTER_ADD) {
                    sums[to + j] += source[from + j];
                } else {
                    target[r.target().offset() + to + j] = source[from + j];
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            target[r.target().offset() + i] = (float) (target[r.target().offset() + i] + sums[i]);
        }
    }

    private static void multiply(CsrMatrix s, Tensor dense, Tensor out) {
        int n = dense.dim(1);
        for (int i = 0; i < s.rows(); i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int e = s.rowPointers()[i]; e < s.rowPointers()[i + 1]; e++) {
                    sum += (double) s.values()[e] * dense.data()[dense.offset() + s.columns()[e] * n + j];
                }
                out.data()[out.offset() + i * n + j] = (float) sum;
            }
        }
    }

    private static void multiplyTransposed(CsrMatrix s, Tensor dense, Tensor out) {
        int n = dense.dim(1);
        double[] sums = new double[out.size()];
        for (int i = 0; i < s.rows(); i++) {
            for (int e = s.rowPointers()[i]; e < s.rowPointers()[i + 1]; e++) {
                for (int j = 0; j < n; j++) {
                    sums[s.columns()[e] * n + j] += (double) s.values()[e] * dense.data()[dense.offset() + i * n + j];
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            out.data()[out.offset() + i] = (float) sums[i];
        }
    }

    private static void copy(Block b) {
        float[] from = b.from().array();
        float[] to = b.to().array();
        for (int i = 0; i < b.rows(); i++) {
            for (int j = 0; j < b.cols(); j++) {
                to[b.toAt() + i * b.toStep() + j * b.toUnit()] = from[b.fromAt() + i * b.fromStep() + j * b.fromUnit()];
            }
        }
    }

    private static void seriesRow(KernelCall.SeriesRow s) {
        Tensor table = s.series().table();
        Tensor row = s.row();
        int at = table.offset() + s.advance(1) * table.dim(1);
        for (int j = 0; j < table.dim(1); j++) {
            switch (s.kind()) {
                case NEXT -> row.data()[row.offset() + j] = table.data()[at + j];
                case APPEND -> table.data()[at + j] = row.data()[row.offset() + j];
            }
        }
    }
}
