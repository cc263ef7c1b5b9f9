/// Reverse-mode automatic differentiation on an explicit tape.
///
/// Read `Tape` first (record), then `ReverseWalk` (walk back), then `GradCheck` (why we believe it).
package larch.autodiff;
