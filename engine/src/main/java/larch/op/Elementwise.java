package larch.op;

import static larch.expr.Comparison.GE;
import static larch.expr.Comparison.GT;
import static larch.expr.Comparison.LT;
import static larch.expr.Expr.ONE;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.neg;
import static larch.expr.Expr.select;
import static larch.expr.Expr.sub;
import static larch.op.Domain.ALL;
import static larch.op.Domain.NONZERO;
import static larch.op.Domain.POSITIVE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import larch.backend.Reduction;
import larch.expr.Derivative;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// Every element-wise op, one row each: adding a row is all it takes to add one.
///
/// `y = f(x₀, x₁, …)` for each element, with arguments broadcast as rows `[n]`, columns `[m,1]` or scalars.
/// VJP: `x̄ᵢ += ȳ · ∂f/∂xᵢ`, summed over what was broadcast. A row gives the derivative in terms of the arguments and
/// of `y` where that is cheaper; otherwise it is derived symbolically. Kinks are written with `select`, which fixes the
/// subgradient: relu has derivative 0 at 0.
public final class Elementwise implements Op {
    private static final Expr X = arg(0);
    private static final Expr X1 = arg(1);
    private static final Expr X2 = arg(2);
    private static final List<OpSpec> SPECS = new ArrayList<>();

    // Rows: name, function, derivative by x in terms of x and y (null: symbolic), domains.
    /// `x₀ + x₁`; with a row `[n]` it adds a bias.
    public static final Elementwise ADD = row("add", Expr.add(X, X1), ALL, ALL);
    /// `x₀ − x₁`
    public static final Elementwise SUB = row("sub", sub(X, X1), ALL, ALL);
    /// `x₀ · x₁`
    public static final Elementwise MUL = row("mul", mul(X, X1), ALL, ALL);
    /// `x₀ / x₁`
    public static final Elementwise DIV = row("div", Expr.div(X, X1), ALL, NONZERO);
    /// the larger of two; the first takes the gradient of a tie
    public static final Elementwise MAXIMUM = row("maximum", select(GE, X, X1, X, X1), Domain.distinct(0), Domain.distinct(1));
    /// the smaller of two; the second takes the gradient of a tie
    public static final Elementwise MINIMUM = row("minimum", select(LT, X, X1, X, X1), Domain.distinct(0), Domain.distinct(1));
    /// `x₁` where `x₀ > 0`, else `x₂`
    public static final Elementwise SELECT = row("select", select(GT, X, ZERO, X1, X2), NONZERO, ALL, ALL);
    /// `−x`
    public static final Elementwise NEG = row("neg", neg(X), ALL);
    /// `x` where positive, else 0
    public static final Elementwise RELU = unary("relu", select(GT, X, ZERO, X, ZERO), select(GT, X1, ZERO, ONE, ZERO),
            NONZERO);
    /// `1 / (1 + e⁻ˣ)`
    public static final Elementwise SIGMOID = unary("sigmoid", Expr.sigmoid(X), mul(X1, sub(ONE, X1)), ALL);
    /// hyperbolic tangent
    public static final Elementwise TANH = unary("tanh", Expr.tanh(X), sub(ONE, mul(X1, X1)), ALL);
    /// `eˣ`
    public static final Elementwise EXP = unary("exp", Expr.exp(X), X1, ALL);
    /// natural logarithm
    public static final Elementwise LOG = row("log", Expr.log(X), POSITIVE);
    /// `√x`
    public static final Elementwise SQRT = unary("sqrt", Expr.sqrt(X), Expr.div(con(0.5f), X1), POSITIVE);
    /// `x²`
    public static final Elementwise SQUARE = unary("square", mul(X, X), mul(con(2), X), ALL);
    /// `|x|`
    public static final Elementwise ABS = row("abs", Expr.abs(X), NONZERO);
    /// `log(1 + eˣ)`, without overflow
    public static final Elementwise SOFTPLUS = unary("softplus", softplus(X), Expr.sigmoid(X), ALL);
    /// Sample of [#power] for the registry.
    static final Elementwise POWER_SAMPLE = register(power(1.5f), POSITIVE);
    /// Sample of [#clip] for the registry.
    static final Elementwise CLIP_SAMPLE = register(clip(-1, 2), Domain.awayFrom(-1, 2));
    /// Sample of [#scale] for the registry.
    static final Elementwise SCALE_SAMPLE = register(scale(-2.5f), ALL);

    /// All rows, for the registry.
    static final List<OpSpec> ROWS = List.copyOf(SPECS);

    private final String name;
    private final Expr function;
    /// `ȳ · ∂f/∂xᵢ` over arguments x₀ … xₙ₋₁, y, ȳ.
    private final List<Expr> products;
    private final Signature signature;

    private Elementwise(String name, Expr function, List<Expr> partials) {
        this.name = name;
        this.function = function;
        int arity = partials.size();
        this.products = partials.stream().map(partial -> mul(arg(arity + 1), partial)).toList();
        this.signature = Signature.parse("[...] ".repeat(arity) + "-> [...]");
    }

    /// `xᵖ` for a constant exponent; `x` must be positive unless `p` is an integer.
    /// @param p the exponent
    /// @return the op
    public static Elementwise power(float p) {
        return of("power(" + p + ")", 1, Expr.pow(X, p));
    }

    /// `x` limited to an interval; the derivative is 0 outside and on the bounds.
    /// @param low  smallest result
    /// @param high largest result
    /// @return the op
    public static Elementwise clip(float low, float high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException("clip: expected low <= high, got " + low + " and " + high);
        }
        Expr belowHigh = select(LT, X, con(high), X, con(high));
        return of("clip(" + low + "," + high + ")", 1, select(GT, X, con(low), belowHigh, con(low)));
    }

    /// `c · x` for a constant `c`. Each constant compiles a kernel of its own: for a factor that changes from step to
    /// step multiply by a scalar instead.
    /// @param c the factor
    /// @return the op
    public static Elementwise scale(float c) {
        return of("scale(" + c + ")", 1, mul(X, con(c)));
    }

    /// An op of your own from an expression; the gradient is derived symbolically.
    /// @param name  the name in errors and drawings
    /// @param arity number of arguments
    /// @param f     the function of one element
    /// @return the op
    public static Elementwise of(String name, int arity, Expr f) {
        List<Expr> partials = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            partials.add(Derivative.of(f, i));
        }
        return new Elementwise(name, f, partials);
    }

    private static Expr softplus(Expr x) {
        return Expr.add(select(GT, x, ZERO, x, ZERO), Expr.log1p(Expr.exp(neg(Expr.abs(x)))));
    }

    private static Elementwise row(String name, Expr f, Domain... domains) {
        return register(of(name, domains.length, f), domains);
    }

    private static Elementwise unary(String name, Expr f, Expr derivative, Domain domain) {
        return register(new Elementwise(name, f, List.of(derivative)), domain);
    }

    private static Elementwise register(Elementwise op, Domain... domains) {
        SPECS.add(OpSpec.of(op, "y = " + op.function, domains));
        return op;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    /// @return the function of one element
    public Expr function() {
        return function;
    }

    @Override
    public Shape resultShape(Shape... in) {
        return in.length == products.size() ? Broadcast.resultShape(name, in) : Op.super.resultShape(in);
    }

    @Override
    public void forward(Forward f) {
        f.backend().elementwise(function, f.out(), f.in());
    }

    @Override
    public void backward(Vjp v) {
        Tensor[] args = Arrays.copyOf(v.in(), v.in().length + 2);
        args[args.length - 2] = v.out();
        args[args.length - 1] = v.cotangent();
        for (int i = 0; i < products.size(); i++) {
            Expr product = products.get(i);
            Broadcast access = Broadcast.of(v.out().shape(), v.in(i).shape());
            if (access == Broadcast.FULL && product.equals(arg(args.length - 1))) {
                v.pass(i);
                continue;
            }
            v.add(i, grad -> {
                switch (access) {
                    case FULL -> v.backend().elementwise(product, grad, args);
                    case ROW -> sum(v, Axis.ROWS, product, grad, args);
                    case COLUMN -> sum(v, Axis.COLUMNS, product, grad, args);
                    case SCALAR -> sum(v, Axis.ALL, product, grad, args);
                }
            });
        }
    }

    private static void sum(Vjp v, Axis axis, Expr product, Tensor grad, Tensor[] args) {
        Tensor target = grad.reshape(axis.reduce(v.out().shape()));
        v.backend().reduce(Reduction.SUM, axis, product, target, args);
    }
}
