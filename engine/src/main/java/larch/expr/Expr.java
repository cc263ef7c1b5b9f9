package larch.expr;

import java.util.BitSet;
import java.util.List;

/// A scalar function of some arguments, as a tree: what an element-wise operation does to one element.
///
/// One tree serves everybody: the reference backend folds it in double precision, the SIMD backend compiles it to a
/// vector loop, OpenCL prints a kernel from it, the docs print the formula and [Derivative] differentiates it.
///
/// Trees are immutable. Equal ones are one object ([Interned]), so they compare and hash in constant time, are keys of the
/// kernel caches, and a part that occurs often, as `x` does in `x * sigmoid(x)`, is stored and looked at once: whatever is
/// done with a tree takes time in proportion to its distinct parts, and needs no stack for deep ones.
///
/// ```java
/// Expr x = arg(0);
/// Expr swish = mul(x, sigmoid(x));      // prints as x0 * sigmoid(x0)
/// ```
public sealed interface Expr {

    /// Argument number `index`.
    /// @param index from 0
    record Arg(int index) implements Expr {
        /// Checks the number.
        public Arg {
            if (index < 0) {
                throw new IllegalArgumentException("arg: expected a number >= 0, got " + index);
            }
        }

        @Override
        public String toString() {
            return Render.formula(this);
        }
    }

    /// A constant; two constants are equal if their bits are.
    /// @param value the number
    record Const(float value) implements Expr {
        private int bits() {
            return Float.floatToRawIntBits(value);
        }

        @Override
        public int hashCode() {
            return bits();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Const c && bits() == c.bits();
        }

        @Override
        public String toString() {
            return Render.formula(this);
        }
    }

    /// A primitive applied to arguments.
    final class Apply implements Expr {
        private final Prim prim;
        private final List<Expr> args;
        private final BitSet reads;
        private final int hash;

        private Apply(Prim prim, List<Expr> args) {
            if (args.size() != prim.arity()) {
                throw new IllegalArgumentException(prim + ": expected " + prim.arity() + " arguments, got " + args.size());
            }
            if (prim == Prim.POW && !(args.get(1) instanceof Const)) {
                throw new IllegalArgumentException("pow: the exponent must be a constant; write exp(mul(y, log(x))) instead");
            }
            this.prim = prim;
            this.args = args;
            reads = readBy(args);
            hash = 31 * prim.name().hashCode() + args.hashCode();
        }

        /// @return the function
        public Prim prim() {
            return prim;
        }

        /// @return its arguments, as many as its arity
        public List<Expr> args() {
            return args;
        }

        /// @return the same number in every run, as it names what is compiled
        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public String toString() {
            return Render.formula(this);
        }
    }

    /// `left ⋛ right ? ifTrue : ifFalse`. Both branches are evaluated, on vectors too; neither may trap.
    final class Select implements Expr {
        private final Comparison comparison;
        private final Expr left;
        private final Expr right;
        private final Expr ifTrue;
        private final Expr ifFalse;
        private final BitSet reads;
        private final int hash;

        private Select(Comparison comparison, Expr left, Expr right, Expr ifTrue, Expr ifFalse) {
            this.comparison = comparison;
            this.left = left;
            this.right = right;
            this.ifTrue = ifTrue;
            this.ifFalse = ifFalse;
            List<Expr> parts = List.of(left, right, ifTrue, ifFalse);
            reads = readBy(parts);
            hash = 31 * comparison.name().hashCode() + parts.hashCode();
        }

        /// @return how the two sides are compared
        public Comparison comparison() {
            return comparison;
        }

        /// @return left side of the comparison
        public Expr left() {
            return left;
        }

        /// @return right side of the comparison
        public Expr right() {
            return right;
        }

        /// @return the value where the comparison holds
        public Expr ifTrue() {
            return ifTrue;
        }

        /// @return the value elsewhere
        public Expr ifFalse() {
            return ifFalse;
        }

        /// @return the same number in every run, as it names what is compiled
        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public String toString() {
            return Render.formula(this);
        }
    }

    /// The constant 0.
    Expr ZERO = new Const(0);
    /// The constant 1.
    Expr ONE = new Const(1);

    /// @param index from 0
    /// @return argument number `index`
    static Expr arg(int index) {
        return new Arg(index);
    }

    /// @param value the number
    /// @return a constant
    static Expr con(float value) {
        return new Const(value);
    }

    /// @param prim the function
    /// @param args as many as its arity
    /// @return the function applied
    static Expr apply(Prim prim, Expr... args) {
        return Interned.of(new Apply(prim, List.of(args)));
    }

    /// @param comparison how to compare
    /// @param left       left side
    /// @param right      right side
    /// @param ifTrue     value where it holds
    /// @param ifFalse    value elsewhere
    /// @return the choice
    static Expr select(Comparison comparison, Expr left, Expr right, Expr ifTrue, Expr ifFalse) {
        return ifTrue.equals(ifFalse) ? ifTrue
                : Interned.of(new Select(comparison, left, right, ifTrue, ifFalse));
    }

    /// `x + y`, dropping a constant 0.
    /// @param x summand
    /// @param y summand
    /// @return the sum
    static Expr add(Expr x, Expr y) {
        return x.equals(ZERO) ? y : y.equals(ZERO) ? x : apply(Prim.ADD, x, y);
    }

    /// `x − y`, dropping a constant 0.
    /// @param x minuend
    /// @param y subtrahend
    /// @return the difference
    static Expr sub(Expr x, Expr y) {
        return y.equals(ZERO) ? x : x.equals(ZERO) ? neg(y) : apply(Prim.SUB, x, y);
    }

    /// `x · y`, dropping a constant 1 and collapsing a constant 0.
    /// @param x factor
    /// @param y factor
    /// @return the product
    static Expr mul(Expr x, Expr y) {
        if (x.equals(ZERO) || y.equals(ZERO)) {
            return ZERO;
        }
        return x.equals(ONE) ? y : y.equals(ONE) ? x : apply(Prim.MUL, x, y);
    }

    /// `x / y`, dropping a constant 1 and collapsing a constant 0 above the line.
    /// @param x numerator
    /// @param y denominator
    /// @return the quotient
    static Expr div(Expr x, Expr y) {
        return x.equals(ZERO) || y.equals(ONE) ? x : apply(Prim.DIV, x, y);
    }

    /// `x · y + z` with one rounding.
    /// @param x factor
    /// @param y factor
    /// @param z summand
    /// @return the fused result
    static Expr fma(Expr x, Expr y, Expr z) {
        return apply(Prim.FMA, x, y, z);
    }

    /// @param x argument
    /// @return `−x`; constants fold
    static Expr neg(Expr x) {
        return x instanceof Const(float value) ? con(-value) : apply(Prim.NEG, x);
    }

    /// @param x argument
    /// @return `|x|`
    static Expr abs(Expr x) {
        return apply(Prim.ABS, x);
    }

    /// @param x argument, not negative
    /// @return `√x`
    static Expr sqrt(Expr x) {
        return apply(Prim.SQRT, x);
    }

    /// @param x argument
    /// @return `eˣ`
    static Expr exp(Expr x) {
        return apply(Prim.EXP, x);
    }

    /// @param x argument, positive
    /// @return the natural logarithm
    static Expr log(Expr x) {
        return apply(Prim.LOG, x);
    }

    /// @param x argument, above −1
    /// @return `log(1 + x)`
    static Expr log1p(Expr x) {
        return apply(Prim.LOG1P, x);
    }

    /// @param x argument
    /// @return the hyperbolic tangent
    static Expr tanh(Expr x) {
        return apply(Prim.TANH, x);
    }

    /// @param x argument
    /// @return `1 / (1 + e⁻ˣ)`
    static Expr sigmoid(Expr x) {
        return apply(Prim.SIGMOID, x);
    }

    /// @param x        base
    /// @param exponent a constant
    /// @return `x` to that power; powers 0 and 1 fold
    static Expr pow(Expr x, float exponent) {
        return exponent == 0 ? ONE : exponent == 1 ? x : apply(Prim.POW, x, con(exponent));
    }

    /// The value for given arguments in double precision. For many values take an [InDouble].
    /// @param args the arguments
    /// @return the function's value
    default double inDouble(double... args) {
        return new InDouble(this).of(args)[0];
    }

    /// The same function with every argument replaced.
    /// @param replacements what stands for argument 0, 1, …
    /// @return the composition
    default Expr substitute(Expr... replacements) {
        return Nodes.fold(this, Nodes::parts, (node, replaced) -> switch (node) {
            case Arg(int index) -> replacements[index];
            case Const c -> c;
            case Apply f -> apply(f.prim(), f.args().stream().map(replaced).toArray(Expr[]::new));
            case Select s -> select(s.comparison(), replaced.apply(s.left()), replaced.apply(s.right()),
                    replaced.apply(s.ifTrue()), replaced.apply(s.ifFalse()));
        });
    }

    /// @param argument number of an argument
    /// @return whether the value depends on it
    default boolean reads(int argument) {
        return switch (this) {
            case Arg(int index) -> index == argument;
            case Const _ -> false;
            case Apply f -> f.reads.get(argument);
            case Select s -> s.reads.get(argument);
        };
    }

    /// @return one more than the highest argument index used; 0 for a constant function
    default int arity() {
        return switch (this) {
            case Arg(int index) -> index + 1;
            case Const _ -> 0;
            case Apply f -> f.reads.length();
            case Select s -> s.reads.length();
        };
    }

    /// @return the arguments that any of the parts reads
    private static BitSet readBy(List<Expr> parts) {
        BitSet all = new BitSet();
        for (Expr part : parts) {
            switch (part) {
                case Arg(int index) -> all.set(index);
                case Const _ -> { }
                case Apply f -> all.or(f.reads);
                case Select s -> all.or(s.reads);
            }
        }
        return all;
    }
}
