package larch.nn;

import java.util.List;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.random.Rng;
import larch.tensor.Shape;

/// A table of vectors looked up by index: `y_i = table[index_i]`. Its gradient is sparse in the rows.
///
/// @param table `[count, size]`
public record Embedding(Parameter table) implements Module {
    /// A new table.
    /// @param name  name of the layer; its parameter is `name/table`
    /// @param count number of vectors
    /// @param size  length of each
    /// @param init  how it starts
    /// @param rng   randomness; the layer draws from the stream `init/name`
    /// @return the table
    public static Embedding create(String name, int count, int size, Init init, Rng rng) {
        return new Embedding(new Parameter(name + "/table", init.draw(rng.stream("init/" + name), Shape.of(count, size))));
    }

    /// @param tape    where to compute
    /// @param indices which vectors; must not change before the backward pass
    /// @return `[indices.length, size]`
    public Var apply(Tape tape, int[] indices) {
        return tape.rows(table, indices);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(table);
    }
}
