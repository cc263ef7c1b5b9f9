/// Dense float32 tensors, their shapes, and how shapes fit together.
///
/// Read `Tensor` first. This package depends on nothing but the JDK.
package larch.tensor;
