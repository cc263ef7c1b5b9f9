package larch.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An [Expr] as straight-line code: each step computes one value from values before it (static single assignment).
///
/// Equal subexpressions become one step, so a tree whose branches share work, such as a lowered `sigmoid`, is computed
/// once. Every code generator walks [#steps] in order and keeps one local per step; [#results] says which of them are
/// asked for.
public final class Program {
    /// One value.
    public sealed interface Step {
        /// Argument number `index`.
        /// @param index from 0
        record Load(int index) implements Step {
        }

        /// A constant, by its bits so that −0 and NaN stay apart.
        /// @param bits `Float.floatToRawIntBits` of the value
        record Literal(int bits) implements Step {
            /// @return the constant
            public float value() {
                return Float.intBitsToFloat(bits);
            }
        }

        /// A primitive; operands are step numbers, −1 where the arity is smaller.
        /// @param prim the function
        /// @param x    first operand
        /// @param y    second operand
        /// @param z    third operand
        record Call(Prim prim, int x, int y, int z) implements Step {
        }

        /// A choice; operands are step numbers.
        /// @param comparison how to compare
        /// @param left       left side
        /// @param right      right side
        /// @param ifTrue     value where it holds
        /// @param ifFalse    value elsewhere
        record Choose(Comparison comparison, int left, int right, int ifTrue, int ifFalse) implements Step {
        }
    }

    private final List<Step> steps = new ArrayList<>();
    private final Map<Expr, Integer> known = new HashMap<>();
    private final List<Integer> results = new ArrayList<>();

    private Program() {
    }

    /// @param exprs any expressions; they are lowered first and share what they have in common
    /// @return their straight-line code in exactly rounded primitives
    public static Program of(Expr... exprs) {
        return asWritten(Arrays.stream(exprs).map(Lowering::lower).toArray(Expr[]::new));
    }

    /// @param exprs any expressions; they share what they have in common
    /// @return their straight-line code in the primitives that they are written in
    static Program asWritten(Expr... exprs) {
        Program program = new Program();
        for (Expr expr : exprs) {
            for (Expr node : Nodes.postOrder(expr, Nodes::parts)) {
                program.known.computeIfAbsent(node, program::number);
            }
            program.results.add(program.known.get(expr));
        }
        return program;
    }

    /// @return the steps in order; of a single expression the last one is the result
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /// @return for each expression the number of the step that is its value
    public List<Integer> results() {
        return List.copyOf(results);
    }

    /// @param expr an expression whose parts have numbers
    private int number(Expr expr) {
        Step step = switch (expr) {
            case Expr.Arg(int index) -> new Step.Load(index);
            case Expr.Const(float value) -> new Step.Literal(Float.floatToRawIntBits(value));
            case Expr.Apply f -> {
                List<Expr> in = f.args();
                yield new Step.Call(f.prim(), known.get(in.get(0)), in.size() > 1 ? known.get(in.get(1)) : -1,
                        in.size() > 2 ? known.get(in.get(2)) : -1);
            }
            case Expr.Select s -> new Step.Choose(s.comparison(), known.get(s.left()), known.get(s.right()),
                    known.get(s.ifTrue()), known.get(s.ifFalse()));
        };
        steps.add(step);
        return steps.size() - 1;
    }
}
