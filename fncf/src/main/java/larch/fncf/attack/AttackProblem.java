package larch.fncf.attack;

import java.util.Arrays;
import java.util.BitSet;
import larch.backend.Backend;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// What is attacked: a model, the clean features of some pairs, and which columns may change within which
/// box.
///
/// @param model    the model
/// @param features `[n, width]`, the clean features; not modified
/// @param pairs    the model's number of each row's pair; it also names the row's random starts
/// @param box      bounds of every column
/// @param attacked the columns that may change: a user's, an item's, both, or one field
public record AttackProblem(AttackedModel model, Tensor features, int[] pairs, Box box, BitSet attacked) {
    /// Checks that the parts fit together.
    public AttackProblem {
        int width = model.width();
        if (features.rank() != 2 || features.dim(1) != width || pairs.length != features.dim(0) || box.width() != width) {
            throw new IllegalArgumentException("attack: the model has " + width + " feature columns and expects features [n,"
                    + width + "], n pairs and a box of width " + width + "; got features " + features.shape() + ", "
                    + pairs.length + " pairs and a box of width " + box.width());
        }
        if (attacked.isEmpty() || attacked.length() > width) {
            throw new IllegalArgumentException("attack: the attacked columns must be some of 0 to " + (width - 1) + "; got "
                    + attacked);
        }
        for (int i = 0; i < features.size(); i++) {
            if (!Float.isFinite(features.data()[features.offset() + i])) {
                throw new IllegalArgumentException("attack: features must be finite; got "
                        + features.data()[features.offset() + i] + " in row " + i / width + ", column " + i % width);
            }
        }
        attacked = (BitSet) attacked.clone();
    }

    /// A problem whose row `i` is the model's pair number `i`.
    /// @param model    the model
    /// @param features `[n, width]`, the clean features
    /// @param box      bounds of every column
    /// @param attacked the columns that may change
    /// @return the problem
    public static AttackProblem of(AttackedModel model, Tensor features, Box box, BitSet attacked) {
        int[] pairs = new int[features.dim(0)];
        Arrays.setAll(pairs, i -> i);
        return new AttackProblem(model, features, pairs, box, attacked);
    }

    /// @return the number of rows
    public int size() {
        return pairs.length;
    }

    /// @return the number of feature columns
    public int width() {
        return features.dim(1);
    }

    /// The same problem for some rows, each under its own pair number.
    /// @param rows which rows; may repeat
    /// @return the smaller problem
    public AttackProblem select(int... rows) {
        Tensor chosen = Tensor.zeros(Shape.of(rows.length, width()));
        int[] chosenPairs = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(features.data(), features.offset() + rows[i] * width(), chosen.data(), i * width(), width());
            chosenPairs[i] = pairs[rows[i]];
        }
        return new AttackProblem(model, chosen, chosenPairs, box, attacked);
    }

    /// @return the columns that may change, ascending
    int[] free() {
        return attacked.stream().toArray();
    }

    /// @param table `[r, width]`
    /// @return its free columns, a new `[r, free]`
    Tensor free(Tensor table) {
        int[] free = free();
        Tensor columns = Tensor.zeros(table.dim(0), free.length);
        for (int i = 0; i < table.dim(0); i++) {
            for (int j = 0; j < free.length; j++) {
                columns.set(table.get(i, free[j]), i, j);
            }
        }
        return columns;
    }

    /// @param backend the kernels
    /// @return the logits of all rows as a function of their free columns
    RowLogits logits(Backend backend) {
        return model.restrict(backend, features, pairs, free());
    }

    /// The bounds of the free columns; the others are nobody's business.
    /// @param method whether there are bounds at all
    /// @return one pair of bounds for each free column
    Box bounds(BoxMethod method) {
        return method == BoxMethod.NONE ? Box.unbounded(free().length) : new Box(bounds(box.lower()), bounds(box.upper()));
    }

    private Tensor bounds(Tensor all) {
        return free(all.reshape(1, width())).reshape(free().length);
    }

    /// Checks that the attack can start: a clean feature outside its box could not even stay as it is.
    void requireInsideBox() {
        for (int i = 0; i < size(); i++) {
            for (int j = attacked.nextSetBit(0); j >= 0; j = attacked.nextSetBit(j + 1)) {
                float x = features.get(i, j);
                if (x < box.lower().get(j) || x > box.upper().get(j)) {
                    throw new IllegalArgumentException("attack: row " + i + ", column " + j + " is " + x + ", outside its box ["
                            + box.lower().get(j) + ", " + box.upper().get(j) + "]; widen the box or scale the features");
                }
            }
        }
    }
}
