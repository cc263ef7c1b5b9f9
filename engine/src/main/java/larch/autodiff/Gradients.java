package larch.autodiff;

import java.util.List;
import larch.tensor.Tensor;

/// What a backward pass found: the gradient of the loss by each leaf.
///
/// Asking for something that has none is an error that says why; nothing returns a silent zero. Tensors are valid until
/// the tape's workspace is used again.
public final class Gradients {
    private final Tape tape;
    private final List<Tape.Node> nodes;
    private final Tensor[] dense;
    private final List<RowGradient>[] sparse;

    Gradients(Tape tape, List<Tape.Node> nodes, Tensor[] dense, List<RowGradient>[] sparse) {
        this.tape = tape;
        this.nodes = nodes;
        this.dense = dense;
        this.sparse = sparse;
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
        return leaf != null && (dense[leaf.index()] != null || sparse[leaf.index()] != null);
    }

    /// @param parameter a parameter that the loss depends on
    /// @return whether only some of its rows were gathered, so that [#rowsOf] serves
    public boolean isSparse(Parameter parameter) {
        int i = indexOf(parameter);
        return dense[i] == null && sparse[i] != null;
    }

    /// @param parameter a parameter with [#isSparse]
    /// @return the gradient of the rows that were gathered, each row once, ascending
    public RowGradient rowsOf(Parameter parameter) {
        int i = indexOf(parameter);
        if (dense[i] != null || sparse[i] == null) {
            throw new IllegalStateException("gradient: " + parameter.name() + " is dense; use of(parameter)");
        }
        return RowGradient.coalesce(sparse[i], tape.backend());
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
        if (sparse[i] != null) {
            Tensor total = dense[i] == null ? Tensor.zeros(nodes.get(i).var().shape()) : dense[i].copy();
            for (RowGradient part : sparse[i]) {
                tape.backend().scatterAddRows(part.values(), part.rows(), total);
            }
            dense[i] = total;
            sparse[i] = null;
        }
        if (dense[i] == null) {
            throw new IllegalArgumentException("gradient: the loss does not depend on " + name);
        }
        return dense[i];
    }
}
