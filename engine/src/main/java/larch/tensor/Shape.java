package larch.tensor;

import java.util.Arrays;

/// The extents of a dense row-major tensor; immutable. Rank 0 is a scalar; an extent may be 0.
///
/// The number of elements is the product of the extents (1 for rank 0) and must fit an `int`,
/// because it indexes a Java array.
public final class Shape {
    /// The shape of a scalar: rank 0, one element.
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        this.dims = dims;
        long product = 1;
        for (int d : dims) {
            if (d < 0) {
                throw new ShapeException("shape: every extent must be >= 0; got " + Arrays.toString(dims));
            }
            product *= d;
            if (product > Integer.MAX_VALUE) {
                throw new ShapeException("shape: " + Arrays.toString(dims)
                        + " has more than 2^31-1 elements, the most that one Java array holds; split the tensor");
            }
        }
        this.size = (int) product;
    }

    /// A shape from its extents, outermost first.
    /// @param dims the extents; copied
    /// @return the shape
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /// @return the number of axes
    public int rank() {
        return dims.length;
    }

    /// @param axis 0 is the outermost axis; negative counts from the innermost, so -1 is the last
    /// @return the extent of that axis
    public int dim(int axis) {
        int i = axis < 0 ? axis + dims.length : axis;
        if (i < 0 || i >= dims.length) {
            throw new ShapeException("shape: axis " + axis + " of " + this + ", which has rank " + dims.length);
        }
        return dims[i];
    }

    /// @return the number of elements
    public int size() {
        return size;
    }

    /// @return a copy of the extents
    public int[] dims() {
        return dims.clone();
    }

    /// The shape seen as a matrix: all axes but the last are rows. A vector is one row; a scalar is 1×1.
    /// @return the number of rows
    public int rows() {
        int rows = 1;
        for (int i = 0; i < dims.length - 1; i++) {
            rows *= dims[i];
        }
        return rows;
    }

    /// @return the extent of the last axis; 1 for a scalar
    public int cols() {
        return dims.length == 0 ? 1 : dims[dims.length - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /// @return the extents in brackets without spaces, such as `[64,32]`
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < dims.length; i++) {
            text.append(i == 0 ? "" : ",").append(dims[i]);
        }
        return text.append(']').toString();
    }
}
