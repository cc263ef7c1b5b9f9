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
final class ReverseWalk {
    private static final Expr SUM = Expr.add(Expr.arg(0), Expr.arg(1));

    private final Tape tape;
    private final List<Tape.Node> nodes;
    private final Tensor[] dense;
    private final List<RowGradient>[] sparse;

    @SuppressWarnings({"unchecked", "rawtypes"})
    ReverseWalk(Tape tape, List<Tape.Node> nodes) {
        this.tape = tape;
        this.nodes = nodes;
        this.dense = new Tensor[nodes.size()];
        this.sparse = new List[nodes.size()];
    }

    Gradients run(int last, Tensor cotangent) {
        dense[last] = cotangent;
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
        return new Gradients(tape, nodes, dense, sparse);
    }

    private void densify(int i) {
        Tensor total = dense[i];
        if (total == null) {
            total = tape.take(nodes.get(i).var().shape());
            tape.backend().elementwise(Expr.ZERO, total);
            dense[i] = total;
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
            } else {
                tape.backend().elementwise(SUM, dense[target], dense[target], contribution);
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
