package larch.backend;

import java.util.List;
import java.util.stream.Stream;
import larch.expr.Expr;
import larch.tensor.Broadcast;
import larch.tensor.CsrMatrix;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;

/// What the doors of a [Backend] check, and what they say when it does not hold.
final class Arguments {
    private Arguments() {
    }

    static void arity(String op, Expr f, Tensor[] args) {
        if (f.arity() > args.length) {
            throw new ShapeException(op + ": " + f + " needs " + f.arity() + " arguments; got " + args.length);
        }
    }

    static Broadcast[] access(String op, Shape walked, Tensor[] args) {
        Broadcast[] access = new Broadcast[args.length];
        for (int i = 0; i < args.length; i++) {
            access[i] = Broadcast.of(walked, args[i].shape());
            if (access[i] == null) {
                throw new ShapeException(op + ": argument " + i + " " + args[i].shape() + " does not broadcast to " + walked);
            }
        }
        return access;
    }

    static void rows(String op, Tensor table, int[] indices, Tensor rows) {
        if (table.rank() != 2 || !rows.shape().equals(Shape.of(indices.length, table.dim(1)))) {
            throw new ShapeException(op + ": expected a table [r,n] and rows [" + indices.length + ",n]; got table "
                    + table.shape() + ", rows " + rows.shape());
        }
    }

    static void series(String op, Series series, Tensor row) {
        if (row.size() != series.table().dim(1)) {
            throw new ShapeException(op + ": expected a row of as many elements as the table " + series.table().shape()
                    + " has columns; got " + row.shape());
        }
    }

    /// @return how many rows the arguments of a row update have: the most that any matrix among them has
    static int capacity(List<Tensor> args) {
        int capacity = 1;
        for (Tensor arg : args) {
            capacity = arg.rank() == 2 ? Math.max(capacity, arg.dim(0)) : capacity;
        }
        return capacity;
    }

    static void rowUpdate(List<Expr> fs, List<Tensor> tables, List<Tensor> args) {
        if (fs.isEmpty() || fs.size() != tables.size()) {
            throw new ShapeException("rowUpdate: expected one function for each table, got " + fs.size() + " for "
                    + tables.size());
        }
        for (Tensor table : tables) {
            if (table.rank() != 2 || !table.shape().equals(tables.getFirst().shape())) {
                throw new ShapeException("rowUpdate: expected tables of one shape [r,n]; got " + table.shape());
            }
        }
        Tensor[] all = Stream.concat(tables.stream(), args.stream()).toArray(Tensor[]::new);
        for (Expr f : fs) {
            arity("rowUpdate", f, all);
        }
        access("rowUpdate", Shape.of(capacity(args), tables.getFirst().dim(1)), args.toArray(Tensor[]::new));
    }

    /// Checks row indices against a table; kernels trust theirs.
    /// @param op      the operation, for the error
    /// @param indices which rows
    /// @param from    the first of them that is looked at
    /// @param to      one past the last
    /// @param rows    how many the table has
    static void indices(Object op, int[] indices, int from, int to, int rows) {
        for (int i = from; i < to; i++) {
            if (indices[i] < 0 || indices[i] >= rows) {
                throw new ShapeException(op + ": index " + indices[i] + " at position " + i + " is outside the table's "
                        + rows + " rows");
            }
        }
    }

    static void sparse(String op, CsrMatrix sparse, Tensor dense, int denseRows, Tensor out, int outRows) {
        if (dense.rank() != 2 || dense.dim(0) != denseRows || !out.shape().equals(Shape.of(outRows, dense.dim(1)))) {
            throw new ShapeException(op + ": sparse [" + sparse.rows() + "," + sparse.cols() + "] expects dense ["
                    + denseRows + ",n] -> [" + outRows + ",n]; got " + dense.shape() + " -> " + out.shape());
        }
    }
}
