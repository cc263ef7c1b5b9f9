package larch.backend;

import larch.tensor.Buffer;
import larch.tensor.ShapeException;

/// A strided two-dimensional copy; see [Backend#copyBlock].
///
/// @param rows     number of rows
/// @param cols     number of columns
/// @param from     source memory; not modified
/// @param fromAt   index of the source's first element
/// @param fromStep distance between source rows
/// @param fromUnit distance between source columns
/// @param to       destination memory; modified
/// @param toAt     index of the destination's first element
/// @param toStep   distance between destination rows
/// @param toUnit   distance between destination columns
public record Block(int rows, int cols, Buffer from, int fromAt, int fromStep, int fromUnit,
                    Buffer to, int toAt, int toStep, int toUnit) {
    /// Checks both windows against their buffers; strides must not be negative.
    public Block {
        check("source", rows, cols, from.size(), fromAt, fromStep, fromUnit);
        check("destination", rows, cols, to.size(), toAt, toStep, toUnit);
    }

    private static void check(String side, int rows, int cols, int length, int at, int step, int unit) {
        if (rows < 0 || cols < 0 || at < 0 || step < 0 || unit < 0) {
            throw new ShapeException("copyBlock: extents, offsets and strides of the " + side + " must be >= 0");
        }
        if (rows > 0 && cols > 0) {
            long last = at + (long) (rows - 1) * step + (long) (cols - 1) * unit;
            if (last >= length) {
                throw new ShapeException("copyBlock: the " + side + " ends at element " + last + "; the buffer holds " + length);
            }
        }
    }
}
