/// Tests of what runs kernels; on every OpenCL device of the machine's first platform, skipped where there is none.
package larch.opencl.runtime;
