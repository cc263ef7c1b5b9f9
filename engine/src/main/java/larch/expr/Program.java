package larch.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An [Expr] as straight-line code: each step computes one value from values before it (static single assignment).
///
/// Equal subexpressions become one step, so a tree whose branches share work, such as a lowered `sigmoid`, is computed
/// once. Every code generator walks [#steps] in order and keeps one local per step; the last step is the result.
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
    private final Map<Step, Integer> numbers = new HashMap<>();
    private final Map<Expr, Integer> known = new HashMap<>();

    private Program() {
    }

    /// @param expr any expression; it is lowered first
    /// @return its straight-line code in exactly rounded primitives
    public static Program of(Expr expr) {
        Program program = new Program();
        int result = program.number(Lowering.lower(expr));
        if (result != program.steps.size() - 1) {
            throw new IllegalStateException("program: the result of " + expr + " is not its last step");
        }
        return program;
    }

    /// @return the steps in order; the last one is the result
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    private int number(Expr expr) {
        Integer seen = known.get(expr);
        if (seen != null) {
            return seen;
        }
        Step step = switch (expr) {
            case Expr.Arg(int index) -> new Step.Load(index);
            case Expr.Const(float value) -> new Step.Literal(Float.floatToRawIntBits(value));
            case Expr.Apply f -> {
                List<Expr> in = f.args();
                yield new Step.Call(f.prim(), number(in.get(0)), in.size() > 1 ? number(in.get(1)) : -1,
                        in.size() > 2 ? number(in.get(2)) : -1);
            }
            case Expr.Select s -> new Step.Choose(s.comparison(), number(s.left()), number(s.right()),
                    number(s.ifTrue()), number(s.ifFalse()));
        };
        int number = numbers.computeIfAbsent(step, s -> {
            steps.add(s);
            return steps.size() - 1;
        });
        known.put(expr, number);
        return number;
    }
}
