package larch.backend;

import java.util.Arrays;
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
/// Each public method is a door: it checks shapes and bounds once and then calls the protected kernel of the same name
/// with a `K`, which trusts its arguments. A backend overrides the kernels only. In every method `out` is modified and
/// all other arguments are not; `out` may be one of the arguments only where that is said.
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
    /// @param g the product, checked by its own constructor
    public final void gemm(Gemm g) {
        gemmK(g);
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
        gemmK(product(transA, transB, alpha, a, b, beta, out));
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
            if (overlap(operands[i], out)) {
                throw new ShapeException("gemm: operand " + i + " of the epilogue overlaps the result; let the old values"
                        + " enter through beta");
            }
            read[i] = new Operand(access[i], operands[i].buffer(), operands[i].offset(),
                    access[i] == Broadcast.FULL ? Math.max(1, out.dim(1)) : 0);
        }
        gemmK(product.with(new Epilogue(f, read)));
    }

    private static boolean overlap(Tensor x, Tensor y) {
        return x.buffer().equals(y.buffer()) && x.offset() < y.offset() + y.size() && y.offset() < x.offset() + x.size();
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
        Broadcast[] access = Arguments.access("elementwise", outs[0].shape(), args);
        if (outs[0].size() > 0) {
            elementwiseK(fs, outs, args, access);
        }
    }

    /// Prepares `tables[j][rows[i]] ← fs[j](tables[0][rows[i]], …, args[0][i], …)`: a function of some rows of tables that
    /// changes those rows in place, such as an optimizer's step for the rows that have a gradient.
    /// @param fs     one function for each table; its arguments are the tables and then `args`
    /// @param tables matrices `[r,n]`, modified; they must not overlap
    /// @param args   arguments whose shapes broadcast to `[capacity,n]`, where the first of them that is not a row or a
    ///               scalar sets the capacity; read anew by each run
    /// @return what runs it, again and again; serves one thread at a time
    public final RowUpdate rowUpdate(Expr[] fs, Tensor[] tables, Tensor... args) {
        if (fs.length == 0 || fs.length != tables.length) {
            throw new ShapeException("rowUpdate: expected one function for each table, got " + fs.length + " for "
                    + tables.length);
        }
        int capacity = 1;
        for (Tensor arg : args) {
            capacity = arg.rank() == 2 ? Math.max(capacity, arg.dim(0)) : capacity;
        }
        for (Tensor table : tables) {
            if (table.rank() != 2 || !table.shape().equals(tables[0].shape())) {
                throw new ShapeException("rowUpdate: expected tables of one shape [r,n]; got " + table.shape());
            }
        }
        Tensor[] all = Arrays.copyOf(tables, tables.length + args.length);
        System.arraycopy(args, 0, all, tables.length, args.length);
        for (Expr f : fs) {
            Arguments.arity("rowUpdate", f, all);
        }
        Broadcast[] access = Arguments.access("rowUpdate", Shape.of(capacity, tables[0].dim(1)), args);
        RowUpdate kernel = rowUpdateK(fs, tables, args, access);
        int most = capacity;
        int tableRows = tables[0].dim(0);
        return (rows, count) -> {
            checkSomeRows(rows, count, most, tableRows);
            if (count > 0) {
                kernel.run(rows, count);
            }
        };
    }

    private static void checkSomeRows(int[] rows, int count, int capacity, int tableRows) {
        if (count < 0 || count > rows.length || count > capacity) {
            throw new ShapeException("rowUpdate: expected at most " + Math.min(rows.length, capacity) + " rows; got " + count);
        }
        Arguments.indices("rowUpdate", rows, 0, count, tableRows);
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
        if (walked.size() == 0) {
            elementwise(Expr.con(reduction.identity()), out);
        } else {
            reduceK(reduction, axis, f, walked, out, args, Arguments.access("reduce", walked, args));
        }
    }

    /// `out[i] ← table[indices[i]]`, row by row.
    /// @param table   `[r,n]`
    /// @param indices which rows, each in `[0,r)`
    /// @param out     `[indices.length, n]`
    public final void gatherRows(Tensor table, int[] indices, Tensor out) {
        Arguments.rows("gatherRows", table, indices, out);
        gatherRowsK(table, indices, out);
    }

    /// `out[indices[i]] ← rows[i]`, row by row.
    /// @param rows    `[indices.length, n]`
    /// @param indices which rows of `out`, each in `[0,r)` and at most once
    /// @param out     `[r,n]`
    public final void scatterRows(Tensor rows, int[] indices, Tensor out) {
        Arguments.rows("scatterRows", out, indices, rows);
        scatterRowsK(rows, indices, out);
    }

    /// `out[indices[i]] ← out[indices[i]] + rows[i]`, in ascending order of `i`.
    /// @param rows    `[indices.length, n]`
    /// @param indices which rows of `out`, each in `[0,r)`; may repeat
    /// @param out     `[r,n]`
    public final void scatterAddRows(Tensor rows, int[] indices, Tensor out) {
        Arguments.rows("scatterAddRows", out, indices, rows);
        scatterAddRowsK(rows, indices, out);
    }

    /// `out ← S · dense` for a sparse S: row `i` is the sum of the rows of `dense` that row `i` of S names.
    /// @param sparse `[m,k]`
    /// @param dense  `[k,n]`
    /// @param out    `[m,n]`
    public final void sparseMatmul(CsrMatrix sparse, Tensor dense, Tensor out) {
        Arguments.sparse("sparseMatmul", sparse, dense, sparse.cols(), out, sparse.rows());
        sparseMatmulK(sparse, dense, out);
    }

    /// `out ← Sᵀ · dense` for a sparse S.
    /// @param sparse `[m,k]`
    /// @param dense  `[m,n]`
    /// @param out    `[k,n]`
    public final void sparseTransposedMatmul(CsrMatrix sparse, Tensor dense, Tensor out) {
        Arguments.sparse("sparseTransposedMatmul", sparse, dense, sparse.rows(), out, sparse.cols());
        sparseTransposedMatmulK(sparse, dense, out);
    }

    /// Copies a strided block: `to[toAt + i·toStep + j·toUnit] ← from[fromAt + i·fromStep + j·fromUnit]` for `i < rows`,
    /// `j < cols`. Concatenation, slices and transposes are blocks.
    /// @param block what is copied; source and destination must not overlap
    public final void copyBlock(Block block) {
        if (block.rows() > 0 && block.cols() > 0) {
            copyBlockK(block);
        }
    }

    /// Standard normal draws: element `i` of `out` is draw `i` of the stream.
    /// @param stream where they come from
    /// @param out    any shape
    public final void normals(Rng stream, Tensor out) {
        normalsK(stream, 0, out);
    }

    /// Standard normal draws: element `i` of `out` is draw `first + i` of the stream.
    /// @param stream where they come from
    /// @param first  number of the first draw, at least 0
    /// @param out    any shape
    public final void normals(Rng stream, long first, Tensor out) {
        normalsK(stream, first, out);
    }

    /// Uniform draws from [0,1): element `i` of `out` is draw `i` of the stream.
    /// @param stream where they come from
    /// @param out    any shape
    public final void uniforms(Rng stream, Tensor out) {
        uniformsK(stream, 0, out);
    }

    /// Uniform draws from [0,1): element `i` of `out` is draw `first + i` of the stream.
    /// @param stream where they come from
    /// @param first  number of the first draw, at least 0
    /// @param out    any shape
    public final void uniforms(Rng stream, long first, Tensor out) {
        uniformsK(stream, first, out);
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

    /// Resolves everything about a call that does not depend on the numbers in its arrays, so that it can be run often
    /// at little cost.
    /// @param call a call; its arrays are read and written by each run
    /// @return what runs it
    public Runnable prepare(KernelCall call) {
        return () -> call.runOn(this);
    }

    /// Resolves a call that is one of many small pieces of work ([#parallel]): it stays on the thread that runs it.
    /// @param call a call; its arrays are read and written by each run
    /// @return what runs it
    public Runnable preparePart(KernelCall call) {
        return prepare(call);
    }

    /// @return how many threads run the tasks of [#parallel]
    public int threads() {
        return 1;
    }

    /// @return how many rows of a matrix a plan takes through several kernels at a time, so that they stay in a cache; 0 if
    ///         kernels are to be run as they are
    public int tileRows() {
        return 0;
    }

    /// Kernel of [#gemm(Gemm)].
    /// @param g the product
    protected abstract void gemmK(Gemm g);

    /// Kernel of [#elementwise].
    /// @param fs     one function for each result
    /// @param outs   the results, not empty
    /// @param args   the arguments
    /// @param access how each argument is read
    protected abstract void elementwiseK(Expr[] fs, Tensor[] outs, Tensor[] args, Broadcast[] access);

    /// Kernel of [#rowUpdate].
    /// @param fs     one function for each table, of the tables and then the arguments
    /// @param tables what is changed
    /// @param args   the other arguments
    /// @param access how each of them is read
    /// @return what runs it for at least one row
    protected abstract RowUpdate rowUpdateK(Expr[] fs, Tensor[] tables, Tensor[] args, Broadcast[] access);

    /// Kernel of [#reduce].
    /// @param reduction sum or maximum
    /// @param axis      what is folded
    /// @param f         the function
    /// @param walked    the broadcast shape, not empty
    /// @param out       the result
    /// @param args      the arguments
    /// @param access    how each argument is read
    protected abstract void reduceK(Reduction reduction, Axis axis, Expr f, Shape walked, Tensor out, Tensor[] args,
                                    Broadcast[] access);

    /// Kernel of [#gatherRows].
    /// @param table   source
    /// @param indices rows
    /// @param out     destination
    protected abstract void gatherRowsK(Tensor table, int[] indices, Tensor out);

    /// Kernel of [#scatterRows].
    /// @param rows    source
    /// @param indices rows
    /// @param out     destination
    protected abstract void scatterRowsK(Tensor rows, int[] indices, Tensor out);

    /// Kernel of [#scatterAddRows].
    /// @param rows    source
    /// @param indices rows
    /// @param out     destination
    protected abstract void scatterAddRowsK(Tensor rows, int[] indices, Tensor out);

    /// Kernel of [#sparseMatmul].
    /// @param sparse left factor
    /// @param dense  right factor
    /// @param out    product
    protected abstract void sparseMatmulK(CsrMatrix sparse, Tensor dense, Tensor out);

    /// Kernel of [#sparseTransposedMatmul].
    /// @param sparse left factor, transposed
    /// @param dense  right factor
    /// @param out    product
    protected abstract void sparseTransposedMatmulK(CsrMatrix sparse, Tensor dense, Tensor out);

    /// Kernel of [#copyBlock].
    /// @param block what is copied, not empty
    protected abstract void copyBlockK(Block block);

    /// Kernel of [#normals].
    /// @param stream where they come from
    /// @param first  number of the first draw
    /// @param out    any shape
    protected abstract void normalsK(Rng stream, long first, Tensor out);

    /// Kernel of [#uniforms].
    /// @param stream where they come from
    /// @param first  number of the first draw
    /// @param out    any shape
    protected abstract void uniformsK(Rng stream, long first, Tensor out);
}
