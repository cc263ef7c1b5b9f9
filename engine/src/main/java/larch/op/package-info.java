/// Differentiable operations, one file each: value, vector-Jacobian product, shapes and a spec for tests and docs.
///
/// Read `MatMul` first, then `Elementwise`. Ops speak to a backend's kernels only; they know nothing of tapes.
package larch.op;
