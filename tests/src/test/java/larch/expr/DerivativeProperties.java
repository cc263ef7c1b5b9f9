package larch.expr;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ONE;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// [Derivative] against finite differences in double precision, on random expressions.
class DerivativeProperties {
    private static final double STEP = 1e-4;

    @Property(tries = 500)
    void agreesWithFiniteDifferences(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Expr f = RandomExpr.draw(random, 4, 2);
        double[] at = {random.nextDouble(0.3, 3), random.nextDouble(0.3, 3)};
        for (int arg = 0; arg < 2; arg++) {
            double wide = difference(f, at, arg, STEP);
            double narrow = difference(f, at, arg, STEP / 2);
            // A kink, a pole or a wild function nearby: the two differences disagree, and neither says anything.
            Assume.that(Math.abs(wide - narrow) <= 1e-6 * Math.max(1, Math.abs(wide)) && Math.abs(wide) < 1e6);
            double symbolic = Derivative.of(f, arg).inDouble(at);
            // Constant branches such as sqrt(0) or 1/0 may hide a pole that the differences do not see.
            Assume.that(Double.isFinite(symbolic));
            assertEquals(narrow, symbolic, 1e-4 * Math.max(1, Math.abs(narrow)), () -> "derivative of " + f);
        }
    }

    private static double difference(Expr f, double[] at, int arg, double h) {
        double[] up = at.clone();
        double[] down = at.clone();
        up[arg] += h;
        down[arg] -= h;
        return (f.inDouble(up) - f.inDouble(down)) / (2 * h);
    }

    @Example
    void kinksTakeTheSideOfTheSelect() {
        Expr relu = select(GT, arg(0), ZERO, arg(0), ZERO);
        assertEquals(0, Derivative.of(relu, 0).inDouble(0));
        assertEquals(1, Derivative.of(relu, 0).inDouble(1e-9));
        assertEquals(1, Derivative.of(Expr.abs(arg(0)), 0).inDouble(0));
        Expr max = Expr.apply(Prim.MAX, arg(0), arg(1));
        assertEquals(1, Derivative.of(max, 0).inDouble(2, 2));
        assertEquals(0, Derivative.of(max, 1).inDouble(2, 2));
    }

    @Example
    void zerosAndOnesFold() {
        assertEquals(ONE, Derivative.of(arg(0), 0));
        assertEquals(ZERO, Derivative.of(arg(1), 0));
        assertEquals(arg(1), Derivative.of(mul(arg(0), arg(1)), 0));
        assertEquals("(sigmoid(x0) * (1 - sigmoid(x0)))", Derivative.of(Expr.sigmoid(arg(0)), 0).toString());
        assertEquals("((1.5 * pow(x0, 0.5)) * 2)", Derivative.of(Expr.pow(mul(arg(0), Expr.con(2)), 1.5f), 0).toString()
                .replace("(x0 * 2)", "x0"));
    }

    @Example
    void loweredPrimitivesHaveNone() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> Derivative.of(Expr.apply(Prim.POW2, arg(0)), 0)).getMessage();
        assertTrue(message.contains("differentiate before lowering"), message);
    }
}
