/// Tests of generated OpenCL C: the texts anywhere, their results on the machine's first OpenCL device.
package larch.opencl.source;
