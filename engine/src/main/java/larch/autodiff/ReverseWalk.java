package larch.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.op.Vjp;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// The backward pass: walks a tape from its end and adds up cotangents.
///
/// The first contribution to a gradient is written in place, later ones through a temporary, so nothing is zeroed first.
/// A cotangent that is passed on as it is is shared until something has to be added to it.
final class ReverseWalk {
    private static final Expr SUM = Expr.add(Expr.arg(0), Expr.arg(1));

    private final Tape tape;
    private final List<Tape.Node> nodes;
    private final Tensor[] dense;
    private final List<RowGradient>[] sparse;
    /// Whether `dense[i]` is also the cotangent of another node, or the caller's.
    private final boolean[] shared;

    @SuppressWarnings({"unchecked", "rawtypes"})
    ReverseWalk(Tape tape, List<Tape.Node> nodes) {
        this.tape = tape;
        this.nodes = nodes;
        this.dense = new Tensor[nodes.size()];
        this.sparse = new List[nodes.size()];
        this.shared = new boolean[nodes.size()];
    }

    Gradients run(int last, Tensor cotangent) {
        dense[last] = cotangent;
        shared[last] = true;
        for (int i = last; i >= 0; i--) {
            Tape.Node node = nodes.get(i);
            if (node.op() == null || !node.wanted()) {
                continue;
            }
            if (sparse[i] != null) {
                densify(i);
            }
            if (dense[i] != null) {
                node.op().backward(new NodeVjp(node, dense[i]));
            }
        }
        return new Gradients(tape, nodes, this);
    }

    /// @return the dense gradient of a node; null if it has none, or row gradients only
    Tensor dense(int i) {
        return dense[i];
    }

    /// @return contributions to some rows of a node's gradient; null if there are none
    List<RowGradient> sparse(int i) {
        return sparse[i];
    }

    /// Adds the contributions to some rows of a node's gradient to the dense one.
    void densify(int i) {
        Tensor total = dense[i];
        if (total == null || shared[i]) {
            total = tape.take(nodes.get(i).var().shape());
            if (dense[i] == null) {
                tape.backend().elementwise(Expr.ZERO, total);
            } else {
                tape.backend().elementwise(Expr.arg(0), total, dense[i]);
            }
            dense[i] = total;
            shared[i] = false;
        }
        for (RowGradient part : sparse[i]) {
            tape.backend().scatterAddRows(part.values(), part.rows(), total);
        }
        sparse[i] = null;
    }

    private final class NodeVjp implements Vjp {
        private final Tape.Node node;
        private final Tensor cotangent;
        private final Tensor[] in;

        NodeVjp(Tape.Node node, Tensor cotangent) {
            this.node = node;
            this.cotangent = cotangent;
            this.in = new Tensor[node.inputs().length];
            for (int i = 0; i < in.length; i++) {
                in[i] = nodes.get(node.inputs()[i]).var().value();
            }
        }

        @Override
        public Backend backend() {
            return tape.backend();
        }

        @Override
        public Tensor[] in() {
            return in;
        }

        @Override
        public Tensor out() {
            return node.var().value();
        }

        @Override
        public Tensor cotangent() {
            return cotangent;
        }

        @Override
        public boolean wants(int i) {
            return nodes.get(node.inputs()[i]).wanted();
        }

        @Override
        public void add(int i, Consumer<Tensor> writer) {
            if (!wants(i)) {
                return;
            }
            int target = node.inputs()[i];
            Tensor contribution = tape.take(in[i].shape());
            writer.accept(contribution);
            if (dense[target] == null) {
                dense[target] = contribution;
            } else if (shared[target]) {
                tape.backend().elementwise(SUM, contribution, dense[target], contribution);
                dense[target] = contribution;
                shared[target] = false;
            } else {
                tape.backend().elementwise(SUM, dense[target], dense[target], contribution);
            }
        }

        @Override
        public void pass(int i) {
            if (!wants(i)) {
                return;
            }
            int target = node.inputs()[i];
            if (dense[target] == null) {
                dense[target] = cotangent;
                shared[target] = true;
            } else {
                add(i, contribution -> tape.backend().elementwise(Expr.arg(0), contribution, cotangent));
            }
        }

        @Override
        public void addRows(int i, int[] rows, Tensor values) {
            if (!wants(i)) {
                return;
            }
            int target = node.inputs()[i];
            if (sparse[target] == null) {
                sparse[target] = new ArrayList<>(1);
            }
            sparse[target].add(new RowGradient(rows, values));
        }

        @Override
        public Tensor temp(Shape shape) {
            return tape.take(shape);
        }
    }
}
