package larch.op;

import larch.tensor.Shape;
import larch.tensor.Signature;

/// One differentiable operation. Everything the project knows about it is in its own file.
///
/// An op is a value without state: attributes such as a temperature or row indices are final fields. [#forward] writes
/// the whole result; [#backward] adds to the gradients of the arguments. Both speak only to the backend's kernels, so
/// an op runs on every backend.
///
/// ```java
/// /// `Y = X ⊙ σ(X)`, as an op of your own.
/// final class Swish implements Op {
///     private static final Expr F = mul(arg(0), sigmoid(arg(0)));
///     private static final Expr DF = mul(arg(1), Derivative.of(F, 0));     // cotangent times derivative
///     public String name() { return "swish"; }
///     public Signature signature() { return Signature.parse("[...] -> [...]"); }
///     public void forward(Forward f) { f.backend().elementwise(F, f.out(), f.in(0)); }
///     public void backward(Vjp v) { v.add(0, dX -> v.backend().elementwise(DF, dX, v.in(0), v.cotangent())); }
/// }
/// ```
public interface Op {
    /// @return the name in errors, drawings and docs, such as `matmul`
    String name();

    /// @return the shapes it takes and gives
    Signature signature();

    /// Checks the arguments' shapes.
    /// @param in the arguments' shapes
    /// @return the result's shape
    default Shape resultShape(Shape... in) {
        return signature().resultShape(name(), in);
    }

    /// Computes the result.
    /// @param f arguments and result
    void forward(Forward f);

    /// Adds the vector-Jacobian product to the gradient of each argument that wants one.
    /// @param v arguments, result, cotangent and gradients
    void backward(Vjp v);
}
