/// Fourth: matrix products, as a ladder of seven kernels to learn from, and as the products that a backend calls.
///
/// Read `docs/opencl-ladder.md` with the files `cl/gemm_1_naive.cl` to `cl/gemm_7_warp.cl` beside it. [GemmKernel] lists
/// them with what they need, [GemmParams] are their tunable numbers, and [OpenClGemm] is the whole product: for any
/// extents, strides and epilogue it picks a path and prepares its launches once, to be run often. [SplitK] says
/// which sums are cut, [TensorCores] admits devices to the two kernels above the ladder. It works on any [GemmRuntime], which is all it asks of a device.
///
/// It reaches the device through [larch.opencl.runtime] alone: it must not use JOCL, `larch.opencl` itself, `backend` or
/// `probe`.
package larch.opencl.gemm;
