/// Tests of the matrix kernels: on OpenCL devices ([OpenClGemmTest], [GemmLadderTest]), and without one by walking the
/// kernels' index arithmetic in Java ([GemmEmulatorTest]).
package larch.opencl.gemm;
