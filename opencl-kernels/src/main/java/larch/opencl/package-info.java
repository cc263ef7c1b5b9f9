/// OpenCL devices and programs through JOCL; only this package and those below it import `org.jocl`.
///
/// From the loader to a result: [OpenCl] says whether OpenCL can be used at all, [OpenClDevices] lists and
/// selects devices, [OpenClContext] opens one, [OpenClProgram] builds a `.cl` resource for it, and an
/// [OpenClScope] releases every handle. Read [OpenClSelfCheck] first: it walks that whole way on one page.
/// [larch.opencl.runtime] runs kernels without waiting for them.
///
/// Nothing here is needed to compile the engine or the laboratory: they meet this module at run time only,
/// through the service files in `META-INF/services`.
package larch.opencl;
