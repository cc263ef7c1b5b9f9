package larch.autodiff;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.op.Forward;
import larch.op.GatherRows;
import larch.op.Op;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// A Wengert list: what was computed, in the order it was computed.
///
/// Nodes are appended as ops run, so walking the indices down is a reverse topological order: no recursion, no visited
/// set. [#apply] is the only place where an op runs: it checks shapes, computes, and records. [#backward] walks the list
/// once and uses it up. Gradients are of first order and live in [Gradients], outside tensors.
///
/// ```java
/// Tape tape = Tape.recording(backend);
/// Var loss = tape.constant(x).apply(MATMUL, tape.parameter(w)).apply(new BinaryCrossEntropy(1), tape.constant(t));
/// Gradients gradients = tape.backward(loss);
/// Tensor dW = gradients.of(w);
/// ```
///
/// A tape belongs to one thread.
public final class Tape {
    /// One value on the list.
    ///
    /// @param op     what computed it; null for a leaf
    /// @param inputs places of the arguments
    /// @param var    the value
    /// @param name   for drawings and errors
    /// @param wanted whether a gradient flows to it
    record Node(Op op, int[] inputs, Var var, String name, boolean wanted) {
    }

    private enum State { RECORDING, USED, INFERENCE }

    private final Backend backend;
    private final Workspace workspace;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Parameter, Var> parameters = new IdentityHashMap<>();
    private State state;

    private Tape(Backend backend, Workspace workspace, State state) {
        this.backend = backend;
        this.workspace = workspace;
        this.state = state;
        if (workspace != null) {
            workspace.reset();
        }
    }

    /// @param backend the kernels
    /// @return a tape that records, so that [#backward] can be run once
    public static Tape recording(Backend backend) {
        return new Tape(backend, null, State.RECORDING);
    }

    /// @param backend   the kernels
    /// @param workspace memory to use again; its earlier tensors become invalid
    /// @return a tape that records
    public static Tape recording(Backend backend, Workspace workspace) {
        return new Tape(backend, workspace, State.RECORDING);
    }

    /// @param backend the kernels
    /// @return a tape that computes and remembers nothing
    public static Tape inference(Backend backend) {
        return new Tape(backend, null, State.INFERENCE);
    }

    /// @param backend   the kernels
    /// @param workspace memory to use again; its earlier tensors become invalid
    /// @return a tape that computes and remembers nothing
    public static Tape inference(Backend backend, Workspace workspace) {
        return new Tape(backend, workspace, State.INFERENCE);
    }

    /// @return the kernels
    public Backend backend() {
        return backend;
    }

    /// @param value any tensor; must not change before [#backward]
    /// @return a leaf without a gradient
    public Var constant(Tensor value) {
        return append(null, new int[0], value, "constant", false);
    }

    /// A leaf whose gradient can be asked for, such as an input under attack.
    /// @param name  for drawings and errors
    /// @param value any tensor; must not change before [#backward]
    /// @return the leaf
    public Var variable(String name, Tensor value) {
        return append(null, new int[0], value, name, true);
    }

    /// @param parameter a parameter
    /// @return its leaf on this tape, the same one each time
    public Var parameter(Parameter parameter) {
        backend.isolatedHost("bring " + parameter.name() + " up to date", parameter::value, parameter.storage());
        return leafOf(parameter);
    }

    /// Rows of a parameter, without touching its other rows; the gradient stays sparse.
    /// @param parameter a table `[r,n]`
    /// @param indices   which rows; must not change before [#backward]
    /// @return `[indices.length, n]`
    public Var rows(Parameter parameter, int[] indices) {
        backend.isolatedHost("bring rows of " + parameter.name() + " up to date", () -> parameter.valueOfRows(indices),
                parameter.storage());
        return apply(new GatherRows(indices), leafOf(parameter));
    }

    private Var leafOf(Parameter parameter) {
        return parameters.computeIfAbsent(parameter, p -> append(null, new int[0], p.storage(), p.name(), true));
    }

    /// Runs an op: checks the arguments, computes the result and, on a recording tape, remembers how.
    /// @param op the op
    /// @param in its arguments, all from this tape
    /// @return the result
    public Var apply(Op op, Var... in) {
        Shape[] shapes = new Shape[in.length];
        Tensor[] values = new Tensor[in.length];
        int[] inputs = new int[in.length];
        boolean wanted = false;
        for (int i = 0; i < in.length; i++) {
            if (in[i].tape() != this) {
                throw new IllegalArgumentException(op.name() + ": argument " + i + " comes from another tape; "
                        + "pass its value through constant(var.value())");
            }
            shapes[i] = in[i].shape();
            values[i] = in[i].value();
            inputs[i] = in[i].index();
            wanted |= state == State.RECORDING && nodes.get(inputs[i]).wanted();
        }
        Tensor out = take(op.resultShape(shapes));
        op.forward(new Call(values, out));
        return append(op, inputs, out, op.name(), wanted);
    }

    private Var append(Op op, int[] inputs, Tensor value, String name, boolean wanted) {
        switch (state) {
            case INFERENCE -> {
                return new Var(this, -1, value);
            }
            case USED -> throw new IllegalStateException("tape: " + name + " after backward; each tape serves one "
                    + "backward pass, so start another one");
            case RECORDING -> {
            }
        }
        Var var = new Var(this, nodes.size(), value);
        nodes.add(new Node(op, inputs, var, name, wanted));
        return var;
    }

    /// Computes the gradient of a scalar by every leaf that it depends on, and uses up the tape.
    /// @param loss a value of size 1 on this tape
    /// @return the gradients
    public Gradients backward(Var loss) {
        if (loss.value().size() != 1) {
            throw new IllegalArgumentException("backward: expected a scalar loss, got " + loss.shape()
                    + "; reduce it, or pass a cotangent of that shape");
        }
        Tensor one = take(loss.shape());
        backend.elementwise(Expr.ONE, one);
        return backward(loss, one);
    }

    /// Computes `Σ cotangent ⊙ ∂out/∂leaf` for every leaf that `out` depends on, and uses up the tape.
    /// @param out       a value on this tape
    /// @param cotangent weights of the same shape
    /// @return the gradients
    public Gradients backward(Var out, Tensor cotangent) {
        switch (state) {
            case INFERENCE -> throw new IllegalStateException("backward: this tape does not record; use Tape.recording");
            case USED -> throw new IllegalStateException("backward: was already run on this tape; record again");
            case RECORDING -> {
            }
        }
        if (out.tape() != this) {
            throw new IllegalArgumentException("backward: the value comes from another tape");
        }
        if (!cotangent.shape().equals(out.shape())) {
            throw new IllegalArgumentException("backward: the cotangent must have the value's shape " + out.shape()
                    + "; got " + cotangent.shape());
        }
        state = State.USED;
        return new ReverseWalk(this, nodes).run(out.index(), cotangent);
    }

    /// The tape as text for Graphviz: `dot -Tsvg`. Boxes are leaves, ellipses ops; grey ones have no gradient.
    /// @return a digraph
    public String toDot() {
        StringBuilder text = new StringBuilder("digraph tape {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            text.append("  n").append(i).append(" [label=\"").append(node.name().replace("\"", "'")).append("\\n")
                    .append(node.var().shape()).append('"').append(node.op() == null ? ", shape=box" : "")
                    .append(node.wanted() ? "" : ", color=gray, fontcolor=gray").append("];\n");
            for (int input : node.inputs()) {
                text.append("  n").append(input).append(" -> n").append(i).append(";\n");
            }
        }
        return text.append("}\n").toString();
    }

    Tensor take(Shape shape) {
        return workspace == null ? backend.allocate(shape) : workspace.take(backend, shape);
    }

    /// @return the leaf of each parameter seen
    Map<Parameter, Var> parameters() {
        return parameters;
    }

    private final class Call implements Forward {
        private final Tensor[] in;
        private final Tensor out;

        Call(Tensor[] in, Tensor out) {
            this.in = in;
            this.out = out;
        }

        @Override
        public Backend backend() {
            return backend;
        }

        @Override
        public Tensor[] in() {
            return in;
        }

        @Override
        public Tensor out() {
            return out;
        }

        @Override
        public Tensor temp(Shape shape) {
            return take(shape);
        }
    }
}
