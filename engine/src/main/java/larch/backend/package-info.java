/// The kernels that everything is computed with, and how a backend is chosen.
///
/// Read `Backend` first, then `reference/ReferenceBackend`, which specifies each kernel as a plain loop.
package larch.backend;
