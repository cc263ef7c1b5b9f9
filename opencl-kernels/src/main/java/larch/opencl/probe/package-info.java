/// Aside: questions to an OpenCL device that no manual answers, each as a small experiment with checked values: the
/// device's ceilings (E0), the target of its compiler (E1), how much local memory a group may use (E2),
/// NVIDIA's instructions as inline PTX (E3, E4), which binaries it takes (E5), what a launch costs (E6).
///
/// [larch.opencl.probe.GemmTable] times the matrix kernels in the same manner.
///
/// Read [larch.opencl.probe.LocalMemoryLimit] first, then [larch.opencl.probe.ProbeBench], on which all of them
/// work. They launch through JOCL itself, because a driver's answers and costs are what is asked for. Nothing
/// builds on them, and they must not use `backend`. The kernels are the resources `/cl/probe/…`; the PTX beside
/// them is made from them by `opencl-kernels/tools/assemble`.
package larch.opencl.probe;
