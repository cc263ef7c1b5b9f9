/// Third: OpenCL C as text, which is what the engine's expressions become on a device.
///
/// [ExpressionSource] prints the steps of one expression, [ElementwiseSource] and [ReduceSource] put loops and memory
/// around them, and [KernelSource] is what comes out: the text of a kernel. A [ProgramSource] is the whole text of a
/// program, of such kernels or of the files that [ClResource] reads.
///
/// [ReducePlan] cuts a fold into work-groups, [RowSegments] and [CsrTranspose] prepare indices for the kernels of
/// `cl/rows.cl`, which are the same for every expression, like those of `cl/philox.cl`.
///
/// Read [ElementwiseSource] first. The kernels compute the bits of the CPU: see [ExpressionSource] for what that takes.
///
/// Nothing here touches a driver: this package must not use JOCL, nor any other package of this module.
package larch.opencl.source;
