package larch.backend.reference;

import java.util.Arrays;
import larch.backend.Backend;
import larch.backend.Block;
import larch.backend.Reduction;
import larch.backend.RowUpdate;
import larch.expr.Expr;
import larch.gemm.Gemm;
import larch.gemm.GemmNaive;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.CsrMatrix;
import larch.tensor.Shape;
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
    protected void gemmK(Gemm g) {
        GemmNaive.run(g);
    }

    @Override
    protected void elementwiseK(Expr[] fs, Tensor[] outs, Tensor[] args, Broadcast[] access) {
        int cols = outs[0].shape().cols();
        double[] values = new double[args.length];
        float[] results = new float[fs.length];
        for (int i = 0; i < outs[0].size(); i++) {
            load(args, access, i / cols, i % cols, cols, values);
            for (int j = 0; j < fs.length; j++) {
                results[j] = (float) fs[j].inDouble(values);
            }
            for (int j = 0; j < fs.length; j++) {
                outs[j].data()[outs[j].offset() + i] = results[j];
            }
        }
    }

    @Override
    protected RowUpdate rowUpdateK(Expr[] fs, Tensor[] tables, Tensor[] args, Broadcast[] access) {
        return (rows, count) -> {
            for (int i = 0; i < count; i++) {
                updateRow(fs, tables, rows[i], args, access, i);
            }
        };
    }

    private static void updateRow(Expr[] fs, Tensor[] tables, int row, Tensor[] args, Broadcast[] access, int argRow) {
        int cols = tables[0].dim(1);
        double[] others = new double[args.length];
        double[] values = new double[tables.length + args.length];
        float[] results = new float[fs.length];
        for (int c = 0; c < cols; c++) {
            load(args, access, argRow, c, cols, others);
            System.arraycopy(others, 0, values, tables.length, args.length);
            for (int t = 0; t < tables.length; t++) {
                values[t] = tables[t].data()[tables[t].offset() + row * cols + c];
            }
            for (int j = 0; j < fs.length; j++) {
                results[j] = (float) fs[j].inDouble(values);
            }
            for (int j = 0; j < fs.length; j++) {
                tables[j].data()[tables[j].offset() + row * cols + c] = results[j];
            }
        }
    }

    @Override
    protected void reduceK(Reduction reduction, Axis axis, Expr f, Shape walked, Tensor out, Tensor[] args,
                           Broadcast[] access) {
        int cols = walked.cols();
        double[] folded = new double[out.size()];
        Arrays.fill(folded, reduction.identity());
        double[] values = new double[args.length];
        for (int r = 0; r < walked.rows(); r++) {
            for (int c = 0; c < cols; c++) {
                load(args, access, r, c, cols, values);
                double value = f.inDouble(values);
                int at = switch (axis) {
                    case ROWS -> c;
                    case COLUMNS -> r;
                    case ALL -> 0;
                };
                folded[at] = switch (reduction) {
                    case SUM -> folded[at] + value;
                    case MAX -> Math.max(folded[at], value);
                };
            }
        }
        for (int i = 0; i < folded.length; i++) {
            out.data()[out.offset() + i] = (float) folded[i];
        }
    }

    private static void load(Tensor[] args, Broadcast[] access, int r, int c, int cols, double[] values) {
        for (int i = 0; i < args.length; i++) {
            int at = switch (access[i]) {
                case FULL -> r * cols + c;
                case ROW -> c;
                case COLUMN -> r;
                case SCALAR -> 0;
            };
            values[i] = args[i].data()[args[i].offset() + at];
        }
    }

    @Override
    protected void gatherRowsK(Tensor table, int[] indices, Tensor out) {
        int n = table.dim(1);
        for (int i = 0; i < indices.length; i++) {
            for (int j = 0; j < n; j++) {
                out.data()[out.offset() + i * n + j] = table.data()[table.offset() + indices[i] * n + j];
            }
        }
    }

    @Override
    protected void scatterRowsK(Tensor rows, int[] indices, Tensor out) {
        int n = out.dim(1);
        for (int i = 0; i < indices.length; i++) {
            for (int j = 0; j < n; j++) {
                out.data()[out.offset() + indices[i] * n + j] = rows.data()[rows.offset() + i * n + j];
            }
        }
    }

    @Override
    protected void scatterAddRowsK(Tensor rows, int[] indices, Tensor out) {
        int n = out.dim(1);
        double[] sums = new double[out.size()];
        for (int i = 0; i < indices.length; i++) {
            for (int j = 0; j < n; j++) {
                sums[indices[i] * n + j] += rows.data()[rows.offset() + i * n + j];
            }
        }
        for (int i = 0; i < sums.length; i++) {
            out.data()[out.offset() + i] = (float) (out.data()[out.offset() + i] + sums[i]);
        }
    }

    @Override
    protected void sparseMatmulK(CsrMatrix s, Tensor dense, Tensor out) {
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

    @Override
    protected void sparseTransposedMatmulK(CsrMatrix s, Tensor dense, Tensor out) {
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

    @Override
    protected void copyBlockK(Block b) {
        float[] from = b.from().array();
        float[] to = b.to().array();
        for (int i = 0; i < b.rows(); i++) {
            for (int j = 0; j < b.cols(); j++) {
                to[b.toAt() + i * b.toStep() + j * b.toUnit()] = from[b.fromAt() + i * b.fromStep() + j * b.fromUnit()];
            }
        }
    }

    @Override
    protected void normalsK(Rng stream, long first, Tensor out) {
        stream.normals(out.data(), out.offset(), out.size(), first);
    }

    @Override
    protected void uniformsK(Rng stream, long first, Tensor out) {
        stream.uniforms(out.data(), out.offset(), out.size(), first);
    }
}
