package larch.gemm;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import larch.expr.Expr;
import larch.expr.InDouble;
import larch.tensor.Broadcast;
import larch.tensor.Buffer;
import larch.tensor.HostBuffer;
import larch.tensor.ShapeException;

/// What happens to each element of a product once its sum is complete, while it is still in a register:
/// `C ← f(alpha · op(A) · op(B) + beta · C, operands…)`.
///
/// Argument 0 of `f` is the finished element, argument `i ≥ 1` is operand `i − 1`. So a layer with bias and
/// activation is one pass over C:
///
/// ```java
/// new Epilogue(select(GT, add(arg(0), arg(1)), ZERO, add(arg(0), arg(1)), ZERO), Operand.row(bias, 0))
/// ```
///
/// The result has the bits of the product followed by the same expression element by element. Operands must
/// not overlap C: the old C enters through `beta`.
public final class Epilogue {
    /// Leaves the product as it is.
    public static final Epilogue NONE = new Epilogue(Expr.arg(0));

    /// What a kernel is compiled for: everything but the arrays. There is one object for each form, so that looking up its
    /// kernels costs nothing.
    public static final class Form {
        private record Parts(Expr f, List<Broadcast> access) {
        }

        private static final ConcurrentMap<Parts, Form> FORMS = new ConcurrentHashMap<>();

        private final Parts parts;
        private final boolean isNone;
        private final int hash;

        private Form(Parts parts) {
            this.parts = parts;
            isNone = parts.f.equals(Expr.arg(0));
            hash = 31 * parts.f.hashCode() + parts.access.toString().hashCode();
        }

        /// @param f      the function
        /// @param access how each operand is read
        /// @return the form
        static Form of(Expr f, List<Broadcast> access) {
            return FORMS.computeIfAbsent(new Parts(f, List.copyOf(access)), Form::new);
        }

        /// @return the function
        public Expr f() {
            return parts.f;
        }

        /// @return how each operand is read
        public List<Broadcast> access() {
            return parts.access;
        }

        /// @return whether elements stay as they are
        public boolean isNone() {
            return isNone;
        }

        /// @return the same number in every run, as it names what is compiled
        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        private Form transposed() {
            return of(parts.f, parts.access.stream().map(read -> switch (read) {
                case ROW -> Broadcast.COLUMN;
                case COLUMN -> Broadcast.ROW;
                case FULL, SCALAR -> read;
            }).toList());
        }
    }

    private final Form form;
    private final Buffer[] buffers;
    /// The buffers' arrays, for kernels on the heap; null where the memory is elsewhere.
    private final float[][] arrays;
    private final int[] offsets;
    private final int[] rowStrides;
    private final int[] colStrides;
    // Made when it is first asked for; two threads may both make one, and either will do.
    private Epilogue transposed;

    /// @param f        the function of one element
    /// @param operands its arguments from 1 on
    public Epilogue(Expr f, Operand... operands) {
        this(Form.of(f, Arrays.stream(operands).map(Operand::access).toList()),
                Arrays.stream(operands).map(Operand::data).toArray(Buffer[]::new),
                Arrays.stream(operands).mapToInt(Operand::offset).toArray(),
                Arrays.stream(operands).mapToInt(Operand::rowStride).toArray(),
                Arrays.stream(operands).mapToInt(Operand::colStride).toArray());
        if (f.arity() > operands.length + 1) {
            throw new ShapeException("gemm: the epilogue " + f + " needs " + (f.arity() - 1) + " operands; got "
                    + operands.length);
        }
    }

    private Epilogue(Form form, Buffer[] buffers, int[] offsets, int[] rowStrides, int[] colStrides) {
        this.form = form;
        this.buffers = buffers;
        arrays = Arrays.stream(buffers).map(b -> b instanceof HostBuffer(float[] array) ? array : null).toArray(float[][]::new);
        this.offsets = offsets;
        this.rowStrides = rowStrides;
        this.colStrides = colStrides;
    }

    /// @return function and access, without the arrays
    public Form form() {
        return form;
    }

    /// @return the operands, for whoever builds another epilogue on this one
    public List<Operand> operandList() {
        return IntStream.range(0, buffers.length).mapToObj(i -> new Operand(form.access().get(i), buffers[i], offsets[i],
                form.access().get(i) == Broadcast.FULL ? rowStrides[i] : 0)).toList();
    }

    /// @return number of operands
    public int operands() {
        return buffers.length;
    }

    /// @param operand from 0
    /// @return its memory
    public Buffer buffer(int operand) {
        return buffers[operand];
    }

    /// @param operand from 0, one whose elements lie on the heap
    /// @return its array
    public float[] array(int operand) {
        return arrays[operand];
    }

    /// @param operand from 0
    /// @param row     row of C
    /// @param column  column of C
    /// @return index of the value beside that element of C
    public int index(int operand, int row, int column) {
        return offsets[operand] + row * rowStrides[operand] + column * colStrides[operand];
    }

    /// @param operand from 0
    /// @return distance between the values of two rows of C
    public int rowStride(int operand) {
        return rowStrides[operand];
    }

    /// @return whether a single column of C may be taken as a single row: its operands lie side by side, too
    boolean isContiguousColumn() {
        for (int i = 0; i < buffers.length; i++) {
            if (rowStrides[i] > 1) {
                return false;
            }
        }
        return true;
    }

    /// @return the same beside `Cᵀ`
    Epilogue transposed() {
        if (transposed == null) {
            transposed = form.isNone() ? this : new Epilogue(form.transposed(), buffers, offsets, colStrides, rowStrides);
        }
        return transposed;
    }

    /// Zeros for operands: what a warm-up reads.
    /// @param form    function and access
    /// @param rows    rows of C
    /// @param columns columns of C
    static Epilogue ofZeros(Form form, int rows, int columns) {
        return new Epilogue(form.f(), form.access().stream().map(access -> new Operand(access, new HostBuffer(new float[rows * columns]), 0,
                access == Broadcast.FULL ? columns : 0)).toArray(Operand[]::new));
    }

    /// Checks every operand against the extents of C.
    /// @param m rows of C
    /// @param n columns of C
    void check(int m, int n) {
        for (int i = 0; i < buffers.length; i++) {
            long last = offsets[i] + Math.max(0, m - 1L) * rowStrides[i] + Math.max(0, n - 1L) * colStrides[i];
            boolean rowsOverlap = form.access().get(i) == Broadcast.FULL && rowStrides[i] < n;
            if (offsets[i] < 0 || m > 0 && n > 0 && (last >= buffers[i].size() || rowsOverlap)) {
                throw new ShapeException("gemm: operand " + i + " of the epilogue, " + form.access().get(i)
                        + " beside C " + m + "x" + n + " at offset " + offsets[i] + " with row stride " + rowStrides[i]
                        + (rowsOverlap ? ", must have a leading dimension >= " + n
                        : ", ends at element " + (last + 1) + "; the buffer holds " + buffers[i].size()));
            }
        }
    }

    /// The value of one element in double precision, rounded once.
    /// @param f       computes the function
    /// @param product the finished element of the product
    /// @param row     its row
    /// @param column  its column
    /// @param values  scratch for the arguments of `f`
    float inDouble(InDouble f, double product, int row, int column, double[] values) {
        values[0] = product;
        for (int i = 0; i < buffers.length; i++) {
            values[i + 1] = arrays[i][index(i, row, column)];
        }
        return (float) f.of(values)[0];
    }

    @Override
    public String toString() {
        return form.f() + " of the product and " + form.access();
    }
}
