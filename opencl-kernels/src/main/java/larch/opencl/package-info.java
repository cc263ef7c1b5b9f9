/// OpenCL devices and programs through JOCL.
///
/// From the loader to a result: [OpenCl] says whether OpenCL can be used at all, [OpenClDevices] lists and
/// selects devices, [OpenClContext] opens one, [OpenClProgram] builds a program for it, and an
/// [OpenClScope] releases every handle. Read [OpenClSelfCheck] first: it walks that whole way on one page.
///
/// The packages below build on each other; read them in this order:
///
/// | package | what it adds | it must not use |
/// | --- | --- | --- |
/// | `larch.opencl` | devices, contexts, programs | the packages below but `source` |
/// | [larch.opencl.runtime] | memory, launches, transfers, times | `gemm`, `backend`, `probe` |
/// | [larch.opencl.source] | kernels as text | `org.jocl`, every other package of this module |
/// | [larch.opencl.gemm] | matrix products | `org.jocl`, `larch.opencl`, `backend`, `probe` |
/// | [larch.opencl.tuning] | what was found out about a device's products | `org.jocl`, `runtime`, `backend`, `probe` |
/// | [larch.opencl.fused] | chains of calls as one kernel | `org.jocl`, every other package of this module but `source` |
/// | [larch.opencl.backend] | the engine's backend | `org.jocl`, `probe` |
/// | [larch.opencl.probe] | experiments on a device | `backend` |
/// | [larch.opencl.tuner] | the search behind `larch tune` | `org.jocl`, `backend` |
///
/// Nothing here is needed to compile the engine or the laboratory: they meet this module at run time only,
/// through the service files in `META-INF/services`.
package larch.opencl;
