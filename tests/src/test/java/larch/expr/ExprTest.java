package larch.expr;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ONE;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.div;
import static larch.expr.Expr.exp;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.neg;
import static larch.expr.Expr.pow;
import static larch.expr.Expr.select;
import static larch.expr.Expr.sigmoid;
import static larch.expr.Expr.sub;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import larch.op.Elementwise;
import org.junit.jupiter.api.Test;

/// Building, comparing, printing and flattening expressions.
class ExprTest {
    private static final Expr SWISH = mul(arg(0), sigmoid(arg(0)));

    @Test
    void constantsFoldWhereTheValueStaysTheSame() {
        assertEquals(arg(0), add(ZERO, arg(0)));
        assertEquals(arg(0), sub(arg(0), ZERO));
        assertEquals(neg(arg(0)), sub(ZERO, arg(0)));
        assertEquals(ZERO, mul(arg(0), ZERO));
        assertEquals(arg(0), mul(ONE, arg(0)));
        assertEquals(arg(0), div(arg(0), ONE));
        assertEquals(con(-3), neg(con(3)));
        assertEquals(ONE, pow(arg(0), 0));
        assertEquals(arg(0), pow(arg(0), 1));
        assertEquals(arg(1), select(GT, arg(0), ZERO, arg(1), arg(1)));
    }

    @Test
    void negativeZeroIsNotFoldedAway() {
        assertNotEquals(con(0), con(-0f));
        assertEquals("(x0 + -0.0)", add(arg(0), con(-0f)).toString());
    }

    @Test
    void equalTreesAreEqualAndHashAlike() {
        Expr again = mul(arg(0), sigmoid(arg(0)));
        assertEquals(SWISH, again);
        assertEquals(SWISH.hashCode(), again.hashCode());
        assertNotEquals(SWISH, mul(sigmoid(arg(0)), arg(0)));
        assertNotEquals(select(GT, arg(0), ZERO, ONE, ZERO), select(Comparison.GE, arg(0), ZERO, ONE, ZERO));
    }

    @Test
    void arityIsOneMoreThanTheHighestArgument() {
        assertEquals(0, con(3).arity());
        assertEquals(3, add(arg(2), arg(0)).arity());
        assertEquals(5, select(GT, arg(0), arg(4), ZERO, ONE).arity());
    }

    @Test
    void substitutionComposes() {
        Expr composed = SWISH.substitute(exp(arg(1)));
        assertEquals("(exp(x1) * sigmoid(exp(x1)))", composed.toString());
        double inner = Math.exp(0.3);
        assertEquals(inner / (1 + Math.exp(-inner)), composed.inDouble(9, 0.3), 1e-15);
    }

    @Test
    void malformedTreesAreRefused() {
        assertEquals("ADD: expected 2 arguments, got 1",
                assertThrows(IllegalArgumentException.class, () -> Expr.apply(Prim.ADD, ONE)).getMessage());
        assertEquals("pow: the exponent must be a constant; write exp(mul(y, log(x))) instead",
                assertThrows(IllegalArgumentException.class, () -> Expr.apply(Prim.POW, arg(0), arg(1))).getMessage());
    }

    @Test
    void formulasReadAsTheyAreWritten() {
        assertEquals("(x0 * sigmoid(x0))", SWISH.toString());
        assertEquals("(x0 > 0 ? x0 : 0)", Elementwise.RELU.function().toString());
        assertEquals("-(x0 + 0.25)", neg(add(arg(0), con(0.25f))).toString());
        assertEquals("pow(x0, 1.5)", pow(arg(0), 1.5f).toString());
    }

    @Test
    void everyStepOfAProgramIsExactAndUsesEarlierStepsOnly() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200; i++) {
            List<Program.Step> steps = Program.of(RandomExpr.draw(random, 4, 3)).steps();
            assertEquals(steps.size(), new HashSet<>(steps).size(), "each value is computed once");
            for (int s = 0; s < steps.size(); s++) {
                if (steps.get(s) instanceof Program.Step.Call call) {
                    assertTrue(call.prim().isExact(), call::toString);
                    assertTrue(call.x() < s && call.y() < s && call.z() < s, call::toString);
                }
                if (steps.get(s) instanceof Program.Step.Choose c) {
                    assertTrue(Math.max(Math.max(c.left(), c.right()), Math.max(c.ifTrue(), c.ifFalse())) < s, c::toString);
                }
            }
        }
    }

    @Test
    void commonSubexpressionsBecomeOneStep() {
        Expr e = exp(arg(0));
        int once = Program.of(e).steps().size();
        assertEquals(once + 1, Program.of(mul(e, exp(arg(0)))).steps().size());
        assertEquals(1, Program.of(arg(2)).steps().size());
    }

    @Test
    void constantsOfDifferentBitsStayApart() {
        Program program = Program.of(div(ONE, select(GT, arg(0), ZERO, con(0f), con(-0f))));
        assertEquals(Float.NEGATIVE_INFINITY, StepByStep.run(program, -1));
        assertEquals(Float.POSITIVE_INFINITY, StepByStep.run(program, 1));
    }

    @Test
    void javaTextComputesTheValueStepByStep() {
        assertEquals("""
                float t0 = x0;
                float t1 = 0x1.0p1f;
                float t2 = t0 * t1;
                float t3 = Math.abs(t2);
                return t3;
                """, Render.java(Expr.abs(mul(arg(0), con(2)))));
        String special = Render.java(select(GT, arg(0), ZERO, con(Float.NaN), con(Float.NEGATIVE_INFINITY)));
        assertTrue(special.contains("= Float.NaN;") && special.contains("= Float.NEGATIVE_INFINITY;"), special);
    }

    @Test
    void powersOfZeroAndInfinity() {
        assertEquals(0f, StepByStep.run(Program.of(pow(arg(0), 1.5f)), 0));
        assertEquals(Float.POSITIVE_INFINITY, StepByStep.run(Program.of(pow(arg(0), -1.5f)), 0));
        assertEquals(Float.POSITIVE_INFINITY, StepByStep.run(Program.of(pow(arg(0), 1.5f)), Float.POSITIVE_INFINITY));
        assertEquals(-8f, StepByStep.run(Program.of(pow(arg(0), 3)), -2));
        assertTrue(Float.isNaN(StepByStep.run(Program.of(pow(arg(0), 1.5f)), -1)));
    }
}
