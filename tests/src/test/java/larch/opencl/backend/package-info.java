/// Tests of the OpenCL backend beyond the contracts of all backends (`larch.contracts`): what it holds and gives back.
package larch.opencl.backend;
