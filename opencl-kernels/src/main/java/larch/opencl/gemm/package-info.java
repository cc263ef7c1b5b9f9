/// Fourth: matrix products, as a ladder of seven kernels to learn from, and as the products that a backend calls.
///
/// Read `docs/opencl-ladder.md` with the files `cl/gemm_1_naive.cl` to `cl/gemm_7_warp.cl` beside it. [GemmKernel] lists
/// them, [GemmDesign] is what each is made of and [GemmRules] what follows for its tunable numbers, [GemmParams]. [OpenClGemm]
/// is the whole product: for any extents, strides and epilogue it picks a path and prepares its launches once, to be run often.
/// [SplitK] says which sums are cut, [Admission] admits devices to the kernels above the ladder, whose error [Arithmetic] bounds.
/// It works on any [GemmRuntime], which is all it asks of a device.
///
/// It reaches the device through [larch.opencl.runtime] alone: it must not use JOCL, `larch.opencl` itself, `backend` or
/// `probe`.
package larch.opencl.gemm;
