package larch.autodiff;

import java.util.List;
import larch.backend.Backend;
import larch.tensor.Tensor;

/// What a backward pass found: the gradient of the loss by each leaf.
///
/// Asking for something that has none is an error that says why; nothing returns a silent zero. Tensors are valid until
/// the tape's workspace is used again.
public final class Gradients {
    private final Tape tape;
    private final List<Tape.Node> nodes;
    private final ReverseWalk walk;

    Gradients(Tape tape, List<Tape.Node> nodes, ReverseWalk walk) {
        this.tape = tape;
        this.nodes = nodes;
        this.walk = walk;
    }

    /// @return the backend of the tape, which computed these gradients
    public Backend backend() {
        return tape.backend();
    }

    /// @param leaf a variable of the tape
    /// @return its gradient, with all zeros of a gathered table
    public Tensor of(Var leaf) {
        if (leaf.tape() != tape) {
            throw new IllegalArgumentException("gradient: the variable comes from another tape");
        }
        return denseAt(leaf.index(), nodes.get(leaf.index()).name());
    }

    /// @param parameter a parameter that the loss depends on
    /// @return its gradient, with all zeros of a gathered table
    public Tensor of(Parameter parameter) {
        return denseAt(indexOf(parameter), parameter.name());
    }

    /// @param parameter a parameter
    /// @return whether the loss depends on it
    public boolean has(Parameter parameter) {
        Var leaf = tape.parameters().get(parameter);
        return leaf != null && (walk.dense(leaf.index()) != null || walk.sparse(leaf.index()) != null);
    }

    /// @param parameter a parameter that the loss depends on
    /// @return whether only some of its rows were gathered, so that [#rowsOf] serves
    public boolean isSparse(Parameter parameter) {
        int i = indexOf(parameter);
        return walk.dense(i) == null && walk.sparse(i) != null;
    }

    /// @param parameter a parameter with [#isSparse]
    /// @return the contributions in the order in which they were found; rows may repeat within and between them
    public List<RowGradient> partsOf(Parameter parameter) {
        int i = indexOf(parameter);
        if (walk.dense(i) != null || walk.sparse(i) == null) {
            throw new IllegalStateException("gradient: " + parameter.name() + " is dense; use of(parameter)");
        }
        return List.copyOf(walk.sparse(i));
    }

    /// @param parameter a parameter with [#isSparse]
    /// @return the gradient of the rows that were gathered, each row once, ascending
    public RowGradient rowsOf(Parameter parameter) {
        return RowGradient.coalesce(partsOf(parameter), tape.backend());
    }

    private int indexOf(Parameter parameter) {
        Var leaf = tape.parameters().get(parameter);
        if (leaf == null) {
            throw new IllegalArgumentException("gradient: " + parameter.name() + " was not used on this tape");
        }
        return leaf.index();
    }

    private Tensor denseAt(int i, String name) {
        if (!nodes.get(i).wanted()) {
            throw new IllegalArgumentException("gradient: " + name + " is a constant or depends on constants only; "
                    + "make it a variable or a parameter");
        }
        if (nodes.get(i).op() != null) {
            throw new IllegalArgumentException("gradient: " + name + " is not a leaf; only variables and parameters have one");
        }
        if (walk.sparse(i) != null) {
            walk.densify(i);
        }
        if (walk.dense(i) == null) {
            throw new IllegalArgumentException("gradient: the loss does not depend on " + name);
        }
        return walk.dense(i);
    }
}
