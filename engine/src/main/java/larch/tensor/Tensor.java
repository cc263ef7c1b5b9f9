package larch.tensor;

import java.util.Arrays;

/// Numbers in a row: a dense, row-major array of float32 with a shape.
///
/// Element `[i, j]` of a `[rows, cols]` tensor is element `offset() + i*cols + j` of its [Buffer]. A tensor is a window
/// onto a buffer, so [#reshape] and [#rows] share storage with their source. Tensors made here lie in an array of the
/// heap, [#data]; a backend may keep others on its device, which are copied with [#toArray] and [#write]. A tensor knows
/// nothing of gradients (see `larch.autodiff`).
public final class Tensor {
    private final Shape shape;
    private final Buffer buffer;
    private final int offset;

    private Tensor(Shape shape, Buffer buffer, int offset) {
        this.shape = shape;
        this.buffer = buffer;
        this.offset = offset;
    }

    private static Tensor onHost(Shape shape, float[] elements) {
        return new Tensor(shape, new HostBuffer(elements), 0);
    }

    /// @param dims the extents
    /// @return a new tensor of zeros
    public static Tensor zeros(int... dims) {
        return zeros(Shape.of(dims));
    }

    /// @param shape the shape
    /// @return a new tensor of zeros
    public static Tensor zeros(Shape shape) {
        return onHost(shape, new float[shape.size()]);
    }

    /// @param value the value of every element
    /// @param dims  the extents
    /// @return a new tensor
    public static Tensor full(float value, int... dims) {
        Tensor tensor = zeros(dims);
        Arrays.fill(tensor.data(), value);
        return tensor;
    }

    /// @param value the only element
    /// @return a new tensor of rank 0
    public static Tensor scalar(float value) {
        return onHost(Shape.SCALAR, new float[] {value});
    }

    /// @param values the elements; copied
    /// @return a new tensor of rank 1
    public static Tensor vector(float... values) {
        return onHost(Shape.of(values.length), values.clone());
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
            System.arraycopy(rows[i], 0, tensor.data(), i * cols, cols);
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
        return onHost(shape, values.clone());
    }

    /// A window onto an existing array; nothing is copied, so writes show on both sides.
    /// @param shape  the shape
    /// @param data   the array that holds the elements
    /// @param offset the index of the first element
    /// @return the tensor
    public static Tensor wrap(Shape shape, float[] data, int offset) {
        return wrap(shape, new HostBuffer(data), offset);
    }

    /// A window onto memory of any kind; nothing is copied.
    /// @param shape  the shape
    /// @param buffer the memory that holds the elements
    /// @param offset the index of the first element
    /// @return the tensor
    public static Tensor wrap(Shape shape, Buffer buffer, int offset) {
        if (offset < 0 || (long) offset + shape.size() > buffer.size()) {
            throw new ShapeException("tensor: " + shape + " at offset " + offset + " needs " + shape.size()
                    + " elements; the buffer holds " + buffer.size());
        }
        return new Tensor(shape, buffer, offset);
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

    /// @return the memory behind this tensor
    public Buffer buffer() {
        return buffer;
    }

    /// @return the array behind this tensor, not a copy
    /// @throws IllegalStateException if the elements lie on a device
    public float[] data() {
        return buffer.array();
    }

    /// @return the index in [#buffer] of the first element
    public int offset() {
        return offset;
    }

    /// @param index one index per axis
    /// @return that element
    public float get(int... index) {
        return element(at(index));
    }

    /// @param value the new value
    /// @param index one index per axis
    public void set(float value, int... index) {
        buffer.write(new float[] {value}, 0, at(index), 1);
    }

    /// @return the only element of a tensor of size 1
    public float item() {
        if (size() != 1) {
            throw new ShapeException("item: needs a tensor with one element; got " + shape
                    + "; use get(index) for one of several");
        }
        return element(offset);
    }

    private float element(int at) {
        float[] one = new float[1];
        buffer.read(at, one, 0, 1);
        return one[0];
    }

    /// @return the elements in row-major order; a copy, wherever they lie
    public float[] toArray() {
        float[] elements = new float[size()];
        read(elements, 0);
        return elements;
    }

    /// Copies all elements to an array, in row-major order.
    /// @param to the array; modified
    /// @param at index of the first element in it
    public void read(float[] to, int at) {
        buffer.read(offset, to, at, size());
    }

    /// Sets all elements.
    /// @param values array that holds them in row-major order; copied
    /// @param at     index of the first of them
    public void write(float[] values, int at) {
        buffer.write(values, at, offset, size());
    }

    /// @return a tensor of the same shape on the heap, with storage of its own
    public Tensor copy() {
        return onHost(shape, toArray());
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
        return new Tensor(target, buffer, offset);
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
        return new Tensor(Shape.of(dims), buffer, offset + from * rowSize);
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
