package larch.backend;

import java.util.Arrays;
import java.util.List;
import larch.expr.Expr;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.gemm.Transpose;
import larch.parallel.ThreadTeam;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.CsrMatrix;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;

/// The kernels that everything else is made of.
///
/// Each method named after a kernel is a door: it checks shapes and bounds once and makes a [KernelCall], which trusts its
/// arguments. A backend says how such a call is run ([#prepare]) and nothing more. In every door `out` is modified and all
/// other arguments are not; `out` may be one of the arguments only where that is said, and otherwise must not share an
/// element with anything that is read ([larch.tensor.ShapeException]).
///
/// A backend may be used by several threads at once. Its results have the same bits for any number of threads.
public abstract class Backend implements AutoCloseable {
    /// For subclasses.
    protected Backend() {
    }

    /// @return the name it is forced by, such as `simd`
    public abstract String name();

    /// @return one line: name, width, threads, device
    public abstract String describe();

    /// What the bits of results depend on, beyond program and seed: two backends with the same text give the same bits.
    /// @return name and width, such as `simd-512`
    public abstract String numerics();

    /// Where the time of the kernels went, for people: a table with one line for each kernel. Waits for those that run.
    /// @return its lines; empty where kernels are not timed ([BackendOptions#timesKernels]) or none has run
    public String kernelTimes() {
        return "";
    }

    /// Releases threads and device memory. Closing twice is harmless.
    @Override
    public void close() {
    }

    /// Runs independent pieces of work, each with many kernels, side by side where the backend has threads: one fork and
    /// join around them all instead of one in every kernel. A kernel that a task starts runs on the task's thread alone.
    /// @param tasks how many
    /// @param task  the work; the first exception it throws is rethrown here
    public void parallel(int tasks, ThreadTeam.Task task) {
        for (int i = 0; i < tasks; i++) {
            task.run(i);
        }
    }

    /// `C ← f(alpha · op(A) · op(B) + beta · C)`.
    /// @param g the product, checked by its own constructor; C must not share an element with A, B or an operand that its
    ///          epilogue reads
    public final void gemm(Gemm g) {
        Apart.product(g);
        run(new KernelCall.Product(g));
    }

    /// `out ← alpha · op(A) · op(B) + beta · out` for matrices.
    /// @param transA whether A is `[k,m]` instead of `[m,k]`
    /// @param transB whether B is `[n,k]` instead of `[k,n]`
    /// @param alpha  factor of the product
    /// @param a      A
    /// @param b      B
    /// @param beta   factor of the old `out`; 0 overwrites
    /// @param out    `[m,n]`; must not overlap A or B
    public final void gemm(Transpose transA, Transpose transB, float alpha, Tensor a, Tensor b, float beta, Tensor out) {
        gemm(product(transA, transB, alpha, a, b, beta, out));
    }

    /// `out ← f(alpha · op(A) · op(B) + beta · out, operands…)` for matrices: argument 0 of `f` is the finished element
    /// of the product, argument `i ≥ 1` is `operands[i − 1]`, broadcast to the shape of `out`.
    /// @param transA   whether A is `[k,m]` instead of `[m,k]`
    /// @param transB   whether B is `[n,k]` instead of `[k,n]`
    /// @param alpha    factor of the product
    /// @param a        A
    /// @param b        B
    /// @param beta     factor of the old `out`; 0 overwrites
    /// @param out      `[m,n]`; must not overlap A, B or an operand
    /// @param f        the epilogue: a function of one element
    /// @param operands its arguments from 1 on: `[m,n]`, `[n]`, `[m,1]` or of size 1
    public final void gemm(Transpose transA, Transpose transB, float alpha, Tensor a, Tensor b, float beta, Tensor out,
                           Expr f, Tensor... operands) {
        Gemm product = product(transA, transB, alpha, a, b, beta, out);
        Broadcast[] access = Arguments.access("gemm", out.shape(), operands);
        Operand[] read = new Operand[operands.length];
        for (int i = 0; i < read.length; i++) {
            read[i] = new Operand(access[i], operands[i].buffer(), operands[i].offset(),
                    access[i] == Broadcast.FULL ? Math.max(1, out.dim(1)) : 0);
        }
        gemm(product.with(new Epilogue(f, read)));
    }

    private static Gemm product(Transpose transA, Transpose transB, float alpha, Tensor a, Tensor b, float beta,
                                Tensor out) {
        int m = a.shape().rank() == 2 ? a.dim(transA.isTransposed() ? 1 : 0) : -1;
        int k = a.shape().rank() == 2 ? a.dim(transA.isTransposed() ? 0 : 1) : -1;
        int n = b.shape().rank() == 2 ? b.dim(transB.isTransposed() ? 0 : 1) : -1;
        if (m < 0 || n < 0 || b.dim(transB.isTransposed() ? 1 : 0) != k || !out.shape().equals(Shape.of(m, n))) {
            throw new ShapeException("gemm: expected [m,k] [k,n] -> [m,n] after transposing; got " + a.shape()
                    + (transA.isTransposed() ? "ᵀ " : " ") + b.shape() + (transB.isTransposed() ? "ᵀ" : "") + " -> "
                    + out.shape());
        }
        return new Gemm(transA, transB, m, n, k, alpha, a.buffer(), a.offset(), Math.max(1, a.dim(1)),
                b.buffer(), b.offset(), Math.max(1, b.dim(1)), beta, out.buffer(), out.offset(), Math.max(1, n), Epilogue.NONE);
    }

    /// `out[i] ← f(args[0][i], args[1][i], …)` with each argument broadcast to the shape of `out`.
    /// @param f    the function of one element
    /// @param out  the result; may be one of the arguments if that has the same shape
    /// @param args arguments whose shapes broadcast to that of `out`
    public final void elementwise(Expr f, Tensor out, Tensor... args) {
        elementwise(new Expr[] {f}, new Tensor[] {out}, args);
    }

    /// `outs[j][i] ← fs[j](args[0][i], args[1][i], …)`: several functions of the same arguments in one pass. All values of
    /// an element are computed before any is stored, so results may replace arguments.
    /// @param fs   one function for each result
    /// @param outs the results, all of one shape; each may be one of the arguments if that has the same shape, else it
    ///             must not overlap anything
    /// @param args arguments whose shapes broadcast to that of the results
    public final void elementwise(Expr[] fs, Tensor[] outs, Tensor... args) {
        if (fs.length == 0 || fs.length != outs.length) {
            throw new ShapeException("elementwise: expected one function for each result, got " + fs.length + " for "
                    + outs.length);
        }
        for (int j = 0; j < fs.length; j++) {
            Arguments.arity("elementwise", fs[j], args);
            if (!outs[j].shape().equals(outs[0].shape())) {
                throw new ShapeException("elementwise: all results must have one shape; got " + outs[0].shape() + " and "
                        + outs[j].shape());
            }
        }
        Arguments.access("elementwise", outs[0].shape(), args);
        Apart.elementwise(fs, outs, args);
        if (outs[0].size() > 0) {
            run(new KernelCall.Elementwise(List.of(fs), List.of(outs), List.of(args)));
        }
    }

    /// `tables[j][r] ← fs[j](tables[0][r], …, args[0][i], …)` for the `i`-th of some picked rows `r`: a function that
    /// changes rows of tables in place, such as an optimizer's step for the rows that have a gradient.
    /// @param fs     one function for each table; its arguments are the tables and then `args`
    /// @param tables matrices `[r,n]`, modified; they must not overlap each other or the arguments
    /// @param rows   which rows, each at most once; read when the call runs
    /// @param args   arguments whose shapes broadcast to `[capacity,n]`, where the first of them that is not a row or a
    ///               scalar sets the capacity, the most rows that may be picked
    public final void rowUpdate(Expr[] fs, Tensor[] tables, RowSelection rows, Tensor... args) {
        Apart.tables(fs, tables, args);
        run(new KernelCall.RowUpdate(List.of(fs), List.of(tables), rows, List.of(args)));
    }

    /// Folds `f(args…)` over an axis: `out ← fold f(args[0][i], …)`; one pass, nothing is stored in between.
    /// @param reduction sum or maximum
    /// @param axis      what is folded
    /// @param f         the function of one element
    /// @param out       shape `axis.reduce(s)`, where `s` is the broadcast shape of the arguments
    /// @param args      at least one argument
    public final void reduce(Reduction reduction, Axis axis, Expr f, Tensor out, Tensor... args) {
        Arguments.arity("reduce", f, args);
        Shape walked = Broadcast.resultShape("reduce", Arrays.stream(args).map(Tensor::shape).toArray(Shape[]::new));
        if (!out.shape().equals(axis.reduce(walked))) {
            throw new ShapeException("reduce: over " + axis + " " + walked + " -> " + axis.reduce(walked) + "; got out "
                    + out.shape());
        }
        Apart.fold(f, out, args);
        if (walked.size() == 0) {
            elementwise(Expr.con(reduction.identity()), out);
        } else {
            Arguments.access("reduce", walked, args);
            run(new KernelCall.Reduce(reduction, axis, f, out, List.of(args)));
        }
    }

    /// `out[i] ← table[indices[i]]`, row by row.
    /// @param table   `[r,n]`
    /// @param indices which rows, each in `[0,r)`
    /// @param out     `[indices.length, n]`
    public final void gatherRows(Tensor table, int[] indices, Tensor out) {
        Arguments.rows("gatherRows", table, indices, out);
        Apart.rows("gatherRows", table, out);
        run(new KernelCall.Rows(KernelCall.Rows.Kind.GATHER, table, indices, out));
    }

    /// `out[indices[i]] ← rows[i]`, row by row.
    /// @param rows    `[indices.length, n]`
    /// @param indices which rows of `out`, each in `[0,r)` and at most once
    /// @param out     `[r,n]`
    public final void scatterRows(Tensor rows, int[] indices, Tensor out) {
        Arguments.rows("scatterRows", out, indices, rows);
        Apart.rows("scatterRows", rows, out);
        run(new KernelCall.Rows(KernelCall.Rows.Kind.SCATTER, rows, indices, out));
    }

    /// `out[indices[i]] ← out[indices[i]] + rows[i]`, in ascending order of `i`.
    /// @param rows    `[indices.length, n]`
    /// @param indices which rows of `out`, each in `[0,r)`; may repeat
    /// @param out     `[r,n]`
    public final void scatterAddRows(Tensor rows, int[] indices, Tensor out) {
        Arguments.rows("scatterAddRows", out, indices, rows);
        Apart.rows("scatterAddRows", rows, out);
        run(new KernelCall.Rows(KernelCall.Rows.Kind.SCATTER_ADD, rows, indices, out));
    }

    /// `out ← S · dense` for a sparse S: row `i` is the sum of the rows of `dense` that row `i` of S names.
    /// @param sparse `[m,k]`
    /// @param dense  `[k,n]`
    /// @param out    `[m,n]`
    public final void sparseMatmul(CsrMatrix sparse, Tensor dense, Tensor out) {
        Arguments.sparse("sparseMatmul", sparse, dense, sparse.cols(), out, sparse.rows());
        Apart.sparse("sparseMatmul", sparse, dense, out);
        run(new KernelCall.SparseProduct(sparse, false, dense, out));
    }

    /// `out ← Sᵀ · dense` for a sparse S.
    /// @param sparse `[m,k]`
    /// @param dense  `[m,n]`
    /// @param out    `[k,n]`
    public final void sparseTransposedMatmul(CsrMatrix sparse, Tensor dense, Tensor out) {
        Arguments.sparse("sparseTransposedMatmul", sparse, dense, sparse.rows(), out, sparse.cols());
        Apart.sparse("sparseTransposedMatmul", sparse, dense, out);
        run(new KernelCall.SparseProduct(sparse, true, dense, out));
    }

    /// Copies a strided block: `to[toAt + i·toStep + j·toUnit] ← from[fromAt + i·fromStep + j·fromUnit]` for `i < rows`,
    /// `j < cols`. Concatenation, slices and transposes are blocks.
    /// @param block what is copied; source and destination must not overlap
    public final void copyBlock(Block block) {
        Apart.copy(block);
        if (block.rows() > 0 && block.cols() > 0) {
            run(new KernelCall.Copy(block));
        }
    }

    /// `row ← table[position]; position += 1`: reads the next row of a series. Recorded, each run reads the one after; the
    /// recording is the first run.
    /// @param series the table; its position is looked at when the call runs
    /// @param row    as many elements as the table has columns, in any shape; modified
    /// @throws IllegalStateException when it runs, if the series is at its end
    public final void next(Series series, Tensor row) {
        Arguments.series("next", series, row);
        Apart.rows("next", series.table(), row);
        run(new KernelCall.SeriesRow(KernelCall.SeriesRow.Kind.NEXT, series, row));
    }

    /// `table[position] ← row; position += 1`: writes the next row of a series. Recorded, each run writes the one after; the
    /// recording is the first run.
    /// @param series the table, modified; its position is looked at when the call runs
    /// @param row    as many elements as the table has columns, in any shape
    /// @throws IllegalStateException when it runs, if the series is at its end
    public final void append(Series series, Tensor row) {
        Arguments.series("append", series, row);
        Apart.rows("append", row, series.table());
        run(new KernelCall.SeriesRow(KernelCall.SeriesRow.Kind.APPEND, series, row));
    }

    /// Standard normal draws: element `i` of `out` is draw `i` of the stream.
    /// @param stream where they come from
    /// @param out    any shape
    public final void normals(Rng stream, Tensor out) {
        normals(stream, 0, out);
    }

    /// Standard normal draws: element `i` of `out` is draw `first + i` of the stream.
    /// @param stream where they come from
    /// @param first  number of the first draw, at least 0
    /// @param out    any shape
    public final void normals(Rng stream, long first, Tensor out) {
        run(new KernelCall.Draw(true, stream, first, out));
    }

    /// Uniform draws from [0,1): element `i` of `out` is draw `i` of the stream.
    /// @param stream where they come from
    /// @param out    any shape
    public final void uniforms(Rng stream, Tensor out) {
        uniforms(stream, 0, out);
    }

    /// Uniform draws from [0,1): element `i` of `out` is draw `first + i` of the stream.
    /// @param stream where they come from
    /// @param first  number of the first draw, at least 0
    /// @param out    any shape
    public final void uniforms(Rng stream, long first, Tensor out) {
        run(new KernelCall.Draw(false, stream, first, out));
    }

    /// Does host work that belongs between kernels, such as an optimizer's bookkeeping. A recording backend does it again
    /// in every run of its plan, on the thread that runs the plan, and keeps its place among other such work and among
    /// writes that are visible outside the program; all others just do it.
    /// @param what    what it is, for people who read a plan
    /// @param action  what to do; kernels that it calls are part of the action
    /// @param touched tensors of this computation that it reads or writes
    public void host(String what, Runnable action, Tensor... touched) {
        action.run();
    }

    /// Does host work that depends on and changes nothing but the tensors that it names and state that it alone knows. A
    /// plan may move it as far as its tensors allow, and run it on another thread.
    /// @param what    what it is, for people who read a plan
    /// @param action  what to do; kernels that it calls are part of the action
    /// @param touched all tensors that it reads or writes
    public void isolatedHost(String what, Runnable action, Tensor... touched) {
        action.run();
    }

    /// @param shape the shape
    /// @return memory for intermediate results; its content is arbitrary
    public Tensor allocate(Shape shape) {
        return Tensor.zeros(shape);
    }

    /// Brings a tensor to where kernels of this backend work fastest.
    /// @param tensor any tensor
    /// @return the tensor itself if it lies there already, else a copy with memory of its own there
    public Tensor place(Tensor tensor) {
        return tensor;
    }

    /// Runs a call once.
    /// @param call a call as the doors make them
    public void run(KernelCall call) {
        prepare(call).run();
    }

    /// Resolves everything about a call that does not depend on the numbers in its memory, so that it can be run often
    /// at little cost.
    /// @param call a call as the doors make them; its memory is read and written by each run
    /// @return what runs it; serves one thread at a time
    public abstract Runnable prepare(KernelCall call);

    /// Prepares a whole program.
    /// @param trace calls in their order; the results must be as if they were run one after another
    /// @return what runs it; serves one thread at a time
    public Executable compile(Trace trace) {
        return new CallByCall(trace.calls(), this);
    }

    /// @return how many rows the matrices of a small network should have, so that a call keeps the whole backend busy;
    ///         1 where a call is never too small to be worth its cost
    public int rowsToFill() {
        return 1;
    }

    /// @return how many threads run the tasks of [#parallel]
    public int threads() {
        return 1;
    }
}
