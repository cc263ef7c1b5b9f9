/// Scalar functions as trees, and what can be done with them: differentiate, lower to exactly rounded steps, print.
///
/// Read `Expr` first, then `Lowering`. This package knows nothing of tensors or backends.
package larch.expr;
