/// What `./larch tune` finds out about the products of an OpenCL device: what is tried ([larch.opencl.tuning.ProductSpace]), what
/// it holds for ([larch.opencl.tuning.DeviceKey]), and how a file says it ([larch.opencl.tuning.GemmSection]).
/// [larch.opencl.tuning.DeviceTuning] is what a backend asks for.
package larch.opencl.tuning;
