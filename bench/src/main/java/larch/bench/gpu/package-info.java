/// What `bench/gpu/run` starts on a machine with a GPU: the probes ([GpuProbe]), the matrix kernels beside the vendor's
/// ([GpuTables]) and our training step beside PyTorch's ([GpuSteps]). Nothing here speaks OpenCL itself; that is
/// `larch.opencl.probe`, and for the step the backend. Read `bench/gpu/README.md` first.
package larch.bench.gpu;
