package larch.autodiff;

import java.util.Arrays;
import java.util.List;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// The gradient of a table of which some rows were gathered: all other rows have gradient 0.
///
/// @param rows   which rows
/// @param values `[rows.length, n]`, the gradient of each
public record RowGradient(int[] rows, Tensor values) {

    /// Adds up what belongs to the same row, in the order of the contributions.
    /// @param parts   contributions, rows may repeat within and between them
    /// @param backend the kernels
    /// @return every row once, in ascending order; where the backend's memory is
    static RowGradient coalesce(List<RowGradient> parts, Backend backend) {
        int count = 0;
        for (RowGradient part : parts) {
            count += part.rows().length;
        }
        int[] sorted = new int[count];
        int at = 0;
        for (RowGradient part : parts) {
            System.arraycopy(part.rows(), 0, sorted, at, part.rows().length);
            at += part.rows().length;
        }
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[distinct++] = sorted[i];
            }
        }
        int[] rows = Arrays.copyOf(sorted, distinct);
        Tensor values = backend.allocate(Shape.of(distinct, parts.getFirst().values().dim(1)));
        backend.elementwise(Expr.ZERO, values);
        for (RowGradient part : parts) {
            int[] positions = new int[part.rows().length];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = Arrays.binarySearch(rows, part.rows()[i]);
            }
            backend.scatterAddRows(part.values(), positions, values);
        }
        return new RowGradient(rows, values);
    }
}
