/// Second: runs kernels on one opened device without waiting for them: memory, programs, launches, transfers, times.
///
/// [OpenClRuntime] opens all of it. Everything goes to the in-order queue of one [larch.opencl.OpenClContext], so nothing
/// needs events to come in the right order, and memory may be given back while commands that use it are still to run.
/// [MemoryPool] lends [DeviceMemory], [ProgramCache] builds each program once, [Launcher] enqueues a [Launch] or makes a
/// [PreparedLaunch] of it, [Transfers] moves values, and [KernelTimes] says where the time went. All of them may be
/// shared between threads. Only reads and [larch.opencl.OpenClContext#finish()] wait.
///
/// The last package that touches JOCL: whatever builds on it speaks of [DeviceMemory] and [Launch]. It knows no product and
/// no tensor, so it must not use `gemm`, `backend` or `probe`.
package larch.opencl.runtime;
