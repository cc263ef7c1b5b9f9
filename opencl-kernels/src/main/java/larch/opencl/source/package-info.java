/// OpenCL C as text: what the engine's expressions become on a device. Nothing here touches a driver.
///
/// [ExpressionSource] prints the steps of one expression, [ElementwiseSource] and [ReduceSource] put loops and memory
/// around them, and [KernelSource] is what comes out: the text of a kernel, to be joined with others into a program.
/// [ReducePlan] cuts a fold into work-groups, [RowSegments] and [CsrTranspose] prepare indices for the kernels of
/// `cl/rows.cl`, which are the same for every expression, like those of `cl/philox.cl`.
///
/// Read [ElementwiseSource] first. The kernels compute the bits of the CPU: see [ExpressionSource] for what that takes.
package larch.opencl.source;
