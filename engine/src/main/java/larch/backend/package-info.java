/// The kernels that everything is computed with, and how a backend is chosen.
///
/// Read `Backend` first, then `KernelCall`, then `reference/ReferenceBackend`, which specifies each kernel as a plain loop.
/// `docs/backends.md` says how to write one.
package larch.backend;
