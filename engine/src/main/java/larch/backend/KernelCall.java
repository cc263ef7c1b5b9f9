package larch.backend;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import larch.expr.Expr;
import larch.gemm.Gemm;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.CsrMatrix;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;

/// One call of a backend's kernel as a value: what a recording keeps, a plan rearranges and a backend prepares.
///
/// Arguments are held by reference, so a call that is run again reads what its memory holds then.
public sealed interface KernelCall {
    /// @return memory that is read
    List<Memory> reads();

    /// @return memory that is written
    List<Memory> writes();

    /// @return all memory that the call names, arguments that no function depends on included
    default List<Memory> touches() {
        return Stream.concat(reads().stream(), writes().stream()).toList();
    }

    private static List<Memory> named(List<Tensor> results, List<Tensor> args) {
        return Stream.concat(results.stream(), args.stream()).map(Memory::of).toList();
    }

    /// @param fs   functions
    /// @param args their arguments
    /// @return memory of the arguments that a function depends on
    private static List<Memory> readBy(List<Expr> fs, List<Tensor> args) {
        return IntStream.range(0, args.size()).filter(i -> fs.stream().anyMatch(f -> f.reads(i)))
                .mapToObj(i -> Memory.of(args.get(i))).toList();
    }

    private static Broadcast[] access(Shape walked, List<Tensor> args) {
        return args.stream().map(arg -> Broadcast.of(walked, arg.shape())).toArray(Broadcast[]::new);
    }

    /// `C ← f(alpha · op(A) · op(B) + beta · C, …)`.
    /// @param g the product
    record Product(Gemm g) implements KernelCall {
        @Override
        public List<Memory> reads() {
            return Memory.readBy(g);
        }

        @Override
        public List<Memory> writes() {
            return List.of(Memory.writtenBy(g));
        }

        @Override
        public String toString() {
            return "gemm_" + (g.transA().isTransposed() ? "t" : "n") + (g.transB().isTransposed() ? "t" : "n")
                    + " [" + g.m() + "," + g.k() + "]·[" + g.k() + "," + g.n() + "]"
                    + (g.epilogue().form().isNone() ? "" : " then " + g.epilogue().form().f());
        }
    }

    /// `outs[j] ← fs[j](args…)` for each element.
    /// @param fs   one function for each result
    /// @param outs the results
    /// @param args the arguments
    record Elementwise(List<Expr> fs, List<Tensor> outs, List<Tensor> args) implements KernelCall {
        /// @return what is walked: the shape of the results
        public Shape walked() {
            return outs.getFirst().shape();
        }

        /// @return how each argument is read
        public Broadcast[] access() {
            return KernelCall.access(walked(), args);
        }

        @Override
        public List<Memory> reads() {
            return readBy(fs, args);
        }

        @Override
        public List<Memory> writes() {
            return outs.stream().map(Memory::of).toList();
        }

        @Override
        public List<Memory> touches() {
            return named(outs, args);
        }

        @Override
        public String toString() {
            return "elementwise " + outs.getFirst().shape() + " " + fs;
        }
    }

    /// A fold of `f(args…)` over an axis.
    /// @param reduction sum or maximum
    /// @param axis      what is folded
    /// @param f         the function of one element
    /// @param out       the result
    /// @param args      the arguments
    record Reduce(Reduction reduction, Axis axis, Expr f, Tensor out, List<Tensor> args) implements KernelCall {
        /// @return what is walked: the shape that all arguments broadcast to; never empty
        public Shape walked() {
            return Broadcast.resultShape("reduce", args.stream().map(Tensor::shape).toArray(Shape[]::new));
        }

        /// @return how each argument is read
        public Broadcast[] access() {
            return KernelCall.access(walked(), args);
        }

        @Override
        public List<Memory> reads() {
            return readBy(List.of(f), args);
        }

        @Override
        public List<Memory> writes() {
            return List.of(Memory.of(out));
        }

        @Override
        public List<Memory> touches() {
            return named(List.of(out), args);
        }

        @Override
        public String toString() {
            return "reduce " + reduction + " over " + axis + " " + args.getFirst().shape() + " " + f;
        }
    }

    /// Rows of a matrix that are picked, put or added by index.
    /// @param kind    which of the three
    /// @param source  where rows come from
    /// @param indices which rows of the table
    /// @param first   which of the indices belongs to the first row
    /// @param target  where they go
    /// @param step    distance between the starts of two rows of the target: its number of columns, or more if what is
    ///                gathered goes into columns of a wider matrix
    record Rows(Kind kind, Tensor source, int[] indices, int first, Tensor target, int step) implements KernelCall {
        /// Rows that lie one after another.
        /// @param kind    which of the three
        /// @param source  where rows come from
        /// @param indices which rows of the table
        /// @param target  where they go
        public Rows(Kind kind, Tensor source, int[] indices, Tensor target) {
            this(kind, source, indices, 0, target, target.dim(1));
        }

        /// @return how many rows
        public int count() {
            return (kind == Kind.GATHER ? target : source).dim(0);
        }

        /// Checks the indices as they are at the moment, for backends before they run: indices are data.
        public void checkIndices() {
            Arguments.indices(this, indices, first, first + count(), (kind == Kind.GATHER ? source : target).dim(0));
        }

        /// The three kernels.
        public enum Kind {
            /// `target[i] ← source[indices[i]]`
            GATHER,
            /// `target[indices[i]] ← source[i]`
            SCATTER,
            /// `target[indices[i]] += source[i]`
            SCATTER_ADD
        }

        @Override
        public List<Memory> reads() {
            return kind == Kind.GATHER ? List.of(Memory.of(source)) : List.of(Memory.of(source), Memory.of(target));
        }

        @Override
        public List<Memory> writes() {
            return List.of(Memory.rows(target, step));
        }

        @Override
        public String toString() {
            return kind.name().toLowerCase(java.util.Locale.ROOT) + "_rows " + source.shape() + " -> " + target.shape();
        }
    }

    /// `tables[j][r] ← fs[j](tables[0][r], …, args[0][i], …)` for the `i`-th of some picked rows `r`.
    /// @param fs     one function for each table
    /// @param tables matrices of one shape, modified
    /// @param rows   which rows; looked at by each run
    /// @param args   the other arguments, broadcast to `[capacity, n]`
    record RowUpdate(List<Expr> fs, List<Tensor> tables, RowSelection rows, List<Tensor> args) implements KernelCall {
        /// Checks shapes, so that kernels need not.
        public RowUpdate {
            Arguments.rowUpdate(fs, tables, args);
        }

        /// @return the tables and then the other arguments: what the functions take
        public List<Tensor> all() {
            return Stream.concat(tables.stream(), args.stream()).toList();
        }

        /// @return the most rows that may be picked
        public int capacity() {
            return Arguments.capacity(args);
        }

        /// @return how each of [#all] is read beside the picked rows; the tables count as FULL
        public Broadcast[] access() {
            Shape walked = Shape.of(capacity(), tables.getFirst().dim(1));
            return Stream.concat(tables.stream().map(_ -> Broadcast.FULL),
                    args.stream().map(arg -> Broadcast.of(walked, arg.shape()))).toArray(Broadcast[]::new);
        }

        /// Checks what is picked at the moment, for backends before they run.
        /// @return how many rows
        public int checkedCount() {
            int count = rows.count();
            if (count < 0 || count > rows.rows().length || count > capacity()) {
                throw new ShapeException("rowUpdate: expected at most " + Math.min(rows.rows().length, capacity())
                        + " rows; got " + count);
            }
            Arguments.indices("rowUpdate", rows.rows(), 0, count, tables.getFirst().dim(0));
            return count;
        }

        @Override
        public List<Memory> reads() {
            return all().stream().map(Memory::of).toList();
        }

        @Override
        public List<Memory> writes() {
            return tables.stream().map(Memory::of).toList();
        }

        @Override
        public String toString() {
            return "row_update " + tables.getFirst().shape() + " " + fs;
        }
    }

    /// `out ← S · dense` or `out ← Sᵀ · dense`.
    /// @param sparse     S
    /// @param transposed whether S enters transposed
    /// @param dense      the right factor
    /// @param out        the product
    record SparseProduct(CsrMatrix sparse, boolean transposed, Tensor dense, Tensor out) implements KernelCall {
        @Override
        public List<Memory> reads() {
            return List.of(Memory.of(dense));
        }

        @Override
        public List<Memory> writes() {
            return List.of(Memory.of(out));
        }

        @Override
        public String toString() {
            return "sparse_matmul" + (transposed ? "_t " : " ") + dense.shape() + " -> " + out.shape();
        }
    }

    /// A strided copy.
    /// @param block what is copied
    record Copy(Block block) implements KernelCall {
        @Override
        public List<Memory> reads() {
            return List.of(Memory.readBy(block));
        }

        @Override
        public List<Memory> writes() {
            return List.of(Memory.writtenBy(block));
        }

        @Override
        public String toString() {
            return "copy_block [" + block.rows() + "," + block.cols() + "]";
        }
    }

    /// The row of a series that is next, read or written.
    /// @param kind   which of the two
    /// @param series the table and where it stands, looked at and moved by each run
    /// @param row    as many elements as a row of the table has
    record SeriesRow(Kind kind, Series series, Tensor row) implements KernelCall {
        /// The two kernels.
        public enum Kind {
            /// `row ← table[position]; position += 1`
            NEXT,
            /// `table[position] ← row; position += 1`
            APPEND
        }

        /// Moves the series on, for backends before they run.
        /// @param runs how many rows: how often in a row the call is about to be run
        /// @return the first of them
        /// @throws IllegalStateException if the table has no more as many; the series has not moved then
        public int advance(int runs) {
            return series.advance(runs, this);
        }

        /// What is appended to is read as well: all other rows stay.
        @Override
        public List<Memory> reads() {
            Memory table = Memory.of(series.table());
            return kind == Kind.NEXT ? List.of(table) : List.of(Memory.of(row), table);
        }

        @Override
        public List<Memory> writes() {
            return List.of(Memory.of(kind == Kind.NEXT ? row : series.table()));
        }

        @Override
        public String toString() {
            Shape table = series.table().shape();
            return kind == Kind.NEXT ? "next_row " + table + " -> " + row.shape() : "append_row " + row.shape() + " -> " + table;
        }
    }

    /// Random draws.
    /// @param normal whether standard normal; else uniform from [0,1)
    /// @param stream where they come from; a stream that depends on a counter gives other numbers when that moves
    /// @param first  number of the first draw
    /// @param out    where they go
    record Draw(boolean normal, Rng stream, long first, Tensor out) implements KernelCall {
        @Override
        public List<Memory> reads() {
            return List.of();
        }

        @Override
        public List<Memory> writes() {
            return List.of(Memory.of(out));
        }

        @Override
        public String toString() {
            return (normal ? "normals " : "uniforms ") + out.shape();
        }
    }

    /// Work on the host between kernels.
    /// @param what       what it is, for people
    /// @param action     what is done
    /// @param isIsolated whether it depends on and changes nothing but those tensors and state of its own; otherwise it
    ///                   keeps its place among other actions and among writes that are visible outside the program
    /// @param touched    tensors that it may read or write
    record Host(String what, Runnable action, boolean isIsolated, List<Tensor> touched) implements KernelCall {
        @Override
        public List<Memory> reads() {
            return touched.stream().map(Memory::of).toList();
        }

        @Override
        public List<Memory> writes() {
            return reads();
        }

        @Override
        public String toString() {
            return "host: " + what + (touched.isEmpty() ? "" : " on "
                    + Arrays.toString(touched.stream().map(Tensor::shape).toArray()));
        }
    }
}
