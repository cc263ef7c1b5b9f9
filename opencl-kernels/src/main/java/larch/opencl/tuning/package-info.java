/// What `./larch tune` found out about the products of an OpenCL device: what it holds for ([larch.opencl.tuning.DeviceKey]), how a
/// file says it ([larch.opencl.tuning.GemmSection]), and what a backend takes of it ([larch.opencl.tuning.DeviceTuning]).
package larch.opencl.tuning;
