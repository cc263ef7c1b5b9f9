package larch.expr;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sigmoid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Expressions that use a part twice, again and again: as text they have 2ⁿ parts, in memory n.
class SharedPartsTest {
    private static final Expr SWISH = mul(arg(0), sigmoid(arg(0)));
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static Expr chain(Expr link, int length) {
        Expr chain = arg(0);
        for (int i = 0; i < length; i++) {
            chain = link.substitute(chain);
        }
        return chain;
    }

    @Test
    void equalExpressionsAreOneObject() {
        assertSame(SWISH, mul(arg(0), sigmoid(arg(0))));
        assertSame(chain(SWISH, 40), chain(SWISH, 40));
        assertSame(Expr.select(Comparison.GT, arg(0), con(0), SWISH, con(1)),
                Expr.select(Comparison.GT, arg(0), con(0), SWISH, con(1)));
        assertNotSame(chain(SWISH, 40), chain(SWISH, 41));
        assertNotSame(add(arg(0), con(0.5f)), add(arg(0), con(-0.5f)));
    }

    @Test
    void equalHashesAreNotEnough() {
        Expr one = Expr.apply(Prim.MIN, bits(1000), bits(2000));
        Expr other = Expr.apply(Prim.MIN, bits(1001), bits(2000 - 31));
        assertEquals(one.hashCode(), other.hashCode());
        assertNotSame(one, other);
        Expr choice = Expr.select(Comparison.GT, arg(0), arg(1), bits(1000), bits(2000));
        Expr another = Expr.select(Comparison.GT, arg(0), arg(1), bits(1001), bits(2000 - 31));
        assertEquals(choice.hashCode(), another.hashCode());
        assertNotSame(choice, another);
    }

    private static Expr bits(int bits) {
        return con(Float.intBitsToFloat(bits));
    }

    @Test
    void constantsThatDifferInABitStayApart() {
        float otherNaN = Float.intBitsToFloat(0x7fc00001);
        assertNotEquals(con(Float.NaN), con(otherNaN));
        assertEquals(con(otherNaN), con(otherNaN));
        assertNotSame(Expr.abs(con(Float.NaN)), Expr.abs(con(otherNaN)));
        assertNotSame(Expr.abs(con(0f)), Expr.abs(con(-0f)));
    }

    @Test
    void chainsTakeTimeInProportionToTheirLength() {
        int length = 300;
        assertTimeoutPreemptively(LIMIT, () -> {
            Expr chain = chain(SWISH, length);
            assertEquals(1 + 2 * length, Program.asWritten(chain).steps().size());
            int link = Program.of(SWISH).steps().size() - Program.of(arg(0)).steps().size();
            assertTrue(Program.of(chain).steps().size() <= 1 + length * link);
            assertEquals(1, chain.arity());
            assertTrue(chain.reads(0) && !chain.reads(1));
            assertTrue(Program.asWritten(Derivative.of(chain, 0)).steps().size() < 12 * length);
            assertTrue(chain.toString().length() < 1100, "a formula must not be longer than anybody reads");
            assertTrue(chain.toString().startsWith("((") && chain.toString().endsWith("…"));
            double value = 20;
            double slope = 1;
            for (int i = 0; i < length; i++) {
                double s = 1 / (1 + Math.exp(-value));
                slope *= s + value * s * (1 - s);
                value *= s;
            }
            assertEquals(value, chain.inDouble(20), 1e-9 * value);
            assertEquals(slope, Derivative.of(chain, 0).inDouble(20), 1e-9 * slope);
        });
    }

    @Test
    void deepExpressionsNeedNoStack() {
        int depth = 50_000;
        Expr deep = chain(add(mul(arg(0), con(0.5f)), con(1)), depth);
        assertEquals(2, deep.inDouble(0), 1e-12);
        assertEquals(0, Derivative.of(deep, 0).inDouble(0), 1e-12);
        assertEquals(1 + 2 + 2 * depth, Program.of(deep).steps().size());
        assertEquals(2, deep.substitute(add(arg(1), con(3))).arity());
        assertTrue(deep.toString().endsWith("…"));
    }

    @Test
    void severalFunctionsShareWhatTheyHaveInCommon() {
        Expr s = sigmoid(arg(0));
        InDouble both = new InDouble(mul(arg(1), s), s, arg(1));
        assertArrayEquals(new double[] {1.5, 0.5, 3}, both.of(0, 3));
        assertArrayEquals(new double[] {2.5, 0.5, 5}, both.of(0, 5));
        assertEquals(3, Program.asWritten(mul(arg(1), s), s).results().getFirst());
    }

    @Test
    void threadsThatBuildTheSameGetTheSame() {
        Set<Expr> built = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 64).parallel().forEach(i -> built.add(chain(add(SWISH, con(123.25f)), 30)));
        assertEquals(1, built.size());
    }

    @Test
    void whatNobodyUsesIsForgotten() throws InterruptedException {
        Expr kept = chain(mul(arg(0), con(77)), 20_000);
        chain(mul(arg(0), con(78)), 20_000);
        int before = Interned.size();
        // A few may be in use here and there: what is still on a stack, what this loop makes.
        for (int i = 0; i < 100 && Interned.size() > before - 19_900; i++) {
            System.gc();
            Thread.sleep(20);
            add(arg(0), arg(1));
        }
        assertTrue(Interned.size() <= before - 19_900, () -> Interned.size() + " of " + before + " are left");
        assertFalse(Interned.size() < 20_000);
        assertSame(kept, chain(mul(arg(0), con(77)), 20_000));
    }
}
