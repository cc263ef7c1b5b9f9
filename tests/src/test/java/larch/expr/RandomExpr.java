package larch.expr;

import java.util.random.RandomGenerator;

/// Draws expressions of every primitive that ops are written in.
final class RandomExpr {
    private static final Prim[] PRIMS = {Prim.ADD, Prim.SUB, Prim.MUL, Prim.DIV, Prim.MIN, Prim.MAX, Prim.NEG, Prim.ABS,
            Prim.SQRT,
        Prim.EXP, Prim.LOG, Prim.LOG1P, Prim.TANH, Prim.SIGMOID, Prim.POW, Prim.FMA};
    private static final float[] CONSTANTS = {0, 1, -1, 0.5f, 2, -3.75f, 10};
    private static final float[] EXPONENTS = {-2, -1, 0.5f, 1.5f, 2, 3};

    private RandomExpr() {
    }

    /// @param random where choices come from
    /// @param depth  largest depth
    /// @param arity  number of arguments to choose from
    /// @return a random tree
    static Expr draw(RandomGenerator random, int depth, int arity) {
        if (depth == 0 || random.nextInt(8) == 0) {
            return random.nextInt(4) == 0 ? Expr.con(CONSTANTS[random.nextInt(CONSTANTS.length)])
                    : Expr.arg(random.nextInt(arity));
        }
        if (random.nextInt(8) == 0) {
            Comparison comparison = Comparison.values()[random.nextInt(Comparison.values().length)];
            return Expr.select(comparison, draw(random, depth - 1, arity), draw(random, depth - 1, arity),
                    draw(random, depth - 1, arity), draw(random, depth - 1, arity));
        }
        Prim prim = PRIMS[random.nextInt(PRIMS.length)];
        Expr[] args = new Expr[prim.arity()];
        for (int i = 0; i < args.length; i++) {
            args[i] = draw(random, depth - 1, arity);
        }
        if (prim == Prim.POW) {
            args[1] = Expr.con(EXPONENTS[random.nextInt(EXPONENTS.length)]);
        }
        return Expr.apply(prim, args);
    }
}
