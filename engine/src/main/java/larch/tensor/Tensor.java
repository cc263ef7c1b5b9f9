package larch.tensor;

import java.util.Arrays;

/// Numbers in a row: a dense, row-major array of float32 with a shape.
///
/// Element `[i, j]` of a `[rows, cols]` tensor is `data()[offset() + i*cols + j]`. A tensor is a window onto an
/// array, so [#reshape] and [#rows] share storage with their source. It knows nothing of gradients (see
/// `larch.autodiff`) and nothing of devices.
public final class Tensor {
    private final Shape shape;
    private final float[] data;
    private final int offset;

    private Tensor(Shape shape, float[] data, int offset) {
        this.shape = shape;
        this.data = data;
        this.offset = offset;
    }

    /// @param dims the extents
    /// @return a new tensor of zeros
    public static Tensor zeros(int... dims) {
        return zeros(Shape.of(dims));
    }

    /// @param shape the shape
    /// @return a new tensor of zeros
    public static Tensor zeros(Shape shape) {
        return new Tensor(shape, new float[shape.size()], 0);
    }

    /// @param value the value of every element
    /// @param dims  the extents
    /// @return a new tensor
    public static Tensor full(float value, int... dims) {
        Tensor tensor = zeros(dims);
        Arrays.fill(tensor.data, value);
        return tensor;
    }

    /// @param value the only element
    /// @return a new tensor of rank 0
    public static Tensor scalar(float value) {
        return new Tensor(Shape.SCALAR, new float[] {value}, 0);
    }

    /// @param values the elements; copied
    /// @return a new tensor of rank 1
    public static Tensor vector(float... values) {
        return new Tensor(Shape.of(values.length), values.clone(), 0);
    }

    /// @param rows the rows, all of one length; copied
    /// @return a new tensor of rank 2
    public static Tensor matrix(float[]... rows) {
        int cols = rows.length == 0 ? 0 : rows[0].length;
        Tensor tensor = zeros(rows.length, cols);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != cols) {
                throw new ShapeException("matrix: every row must have the length of row 0, " + cols
                        + "; got " + rows[i].length + " in row " + i);
            }
            System.arraycopy(rows[i], 0, tensor.data, i * cols, cols);
        }
        return tensor;
    }

    /// @param shape  the shape
    /// @param values the elements in row-major order; copied
    /// @return a new tensor
    public static Tensor of(Shape shape, float... values) {
        if (values.length != shape.size()) {
            throw new ShapeException("tensor: " + shape + " needs " + shape.size() + " values; got " + values.length);
        }
        return new Tensor(shape, values.clone(), 0);
    }

    /// A window onto an existing array; nothing is copied, so writes show on both sides.
    /// @param shape  the shape
    /// @param data   the array that holds the elements
    /// @param offset the index of the first element
    /// @return the tensor
    public static Tensor wrap(Shape shape, float[] data, int offset) {
        if (offset < 0 || (long) offset + shape.size() > data.length) {
            throw new ShapeException("tensor: " + shape + " at offset " + offset + " needs " + shape.size()
                    + " elements; the array holds " + data.length);
        }
        return new Tensor(shape, data, offset);
    }

    /// @return the shape
    public Shape shape() {
        return shape;
    }

    /// @return the number of axes
    public int rank() {
        return shape.rank();
    }

    /// @param axis 0 is the outermost; negative counts from the innermost
    /// @return the extent of that axis
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /// @return the number of elements
    public int size() {
        return shape.size();
    }

    /// @return the array behind this tensor, not a copy
    public float[] data() {
        return data;
    }

    /// @return the index in [#data] of the first element
    public int offset() {
        return offset;
    }

    /// @param index one index per axis
    /// @return that element
    public float get(int... index) {
        return data[at(index)];
    }

    /// @param value the new value
    /// @param index one index per axis
    public void set(float value, int... index) {
        data[at(index)] = value;
    }

    /// @return the only element of a tensor of size 1
    public float item() {
        if (size() != 1) {
            throw new ShapeException("item: needs a tensor with one element; got " + shape
                    + "; use get(index) for one of several");
        }
        return data[offset];
    }

    /// @return the elements in row-major order; a copy
    public float[] toArray() {
        return Arrays.copyOfRange(data, offset, offset + size());
    }

    /// @return a tensor of the same shape with storage of its own
    public Tensor copy() {
        return new Tensor(shape, toArray(), 0);
    }

    /// The same elements under another shape of the same size; shares storage.
    /// @param dims the new extents
    /// @return the view
    public Tensor reshape(int... dims) {
        return reshape(Shape.of(dims));
    }

    /// The same elements under another shape of the same size; shares storage.
    /// @param target the new shape
    /// @return the view
    public Tensor reshape(Shape target) {
        if (target.size() != size()) {
            throw new ShapeException("reshape: " + shape + " has " + size() + " elements, " + target + " needs "
                    + target.size());
        }
        return new Tensor(target, data, offset);
    }

    /// Rows `from` (inclusive) to `to` (exclusive) of the outermost axis; shares storage.
    /// @param from the first row
    /// @param to   one past the last row
    /// @return the view
    public Tensor rows(int from, int to) {
        if (rank() == 0 || from < 0 || to < from || to > dim(0)) {
            throw new ShapeException("rows: [" + from + "," + to + ") of " + shape);
        }
        int[] dims = shape.dims();
        dims[0] = to - from;
        int rowSize = shape.dim(0) == 0 ? 0 : size() / shape.dim(0);
        return new Tensor(Shape.of(dims), data, offset + from * rowSize);
    }

    private int at(int... index) {
        if (index.length != rank()) {
            throw new ShapeException("get/set: " + shape + " needs " + rank() + " indices; got " + index.length);
        }
        int at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            int extent = shape.dim(axis);
            if (index[axis] < 0 || index[axis] >= extent) {
                throw new ShapeException("get/set: index " + Arrays.toString(index) + " is outside " + shape);
            }
            at = at * extent + index[axis];
        }
        return offset + at;
    }

    @Override
    public String toString() {
        return TensorFormat.format(this);
    }
}
