/// Fifth: the engine's backend on an OpenCL device: every [larch.backend.KernelCall] as launches on one in-order queue.
///
/// [OpenClBackend] is the door, `Session` what it has opened, `Calls` says which kernels a call becomes, [OpenClBuffer] is
/// memory of the device and `Visitors` carries tensors of the heap there and back. Found by `ServiceLoader` through
/// [OpenClProvider]. `docs/backends.md` explains the shape of a backend.
///
/// It says what is to run and leaves the how to the packages before it: it must not use JOCL, or `probe`.
package larch.opencl.backend;
