package larch.expr;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Walks over the distinct nodes of an expression, each once, without recursion.
final class Nodes {
    private Nodes() {
    }

    /// @param expr any expression
    /// @return what it is made of, from left to right
    static List<Expr> parts(Expr expr) {
        return switch (expr) {
            case Expr.Arg _, Expr.Const _ -> List.of();
            case Expr.Apply f -> f.args();
            case Expr.Select s -> List.of(s.left(), s.right(), s.ifTrue(), s.ifFalse());
        };
    }

    /// @param root  any expression
    /// @param parts what to descend to from a node
    /// @return the distinct nodes, each after its parts; the root is the last
    static Collection<Expr> postOrder(Expr root, Function<Expr, List<Expr>> parts) {
        Set<Expr> done = new LinkedHashSet<>();
        Deque<Expr> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            Expr node = open.peek();
            Expr next = null;
            for (Expr part : parts.apply(node)) {
                if (!done.contains(part)) {
                    next = part;
                    break;
                }
            }
            if (next != null) {
                open.push(next);
            } else {
                done.add(open.pop());
            }
        }
        return done;
    }

    /// Computes something for an expression from what was computed for its parts.
    /// @param root  any expression
    /// @param parts what to descend to from a node
    /// @param rule  gets a node and what knows the value of its parts
    /// @return the value of the root
    static <T> T fold(Expr root, Function<Expr, List<Expr>> parts, BiFunction<Expr, Function<Expr, T>, T> rule) {
        Map<Expr, T> values = new HashMap<>();
        for (Expr node : postOrder(root, parts)) {
            values.put(node, rule.apply(node, values::get));
        }
        return values.get(root);
    }
}
