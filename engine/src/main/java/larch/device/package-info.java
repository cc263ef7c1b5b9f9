/// What this machine can compute on, told without importing the libraries that know it.
///
/// A program asks [DeviceLister#installed()] and prints what each lister says. Listers live beside the
/// code that drives their devices (OpenCL in the module `opencl-kernels`) and are found by
/// [java.util.ServiceLoader], so a program runs unchanged where such a module or its driver is missing.
///
/// Imports nothing but the JDK. Read [DeviceLister] first.
package larch.device;
