/// Tests of OpenCL. Those tagged `opencl` that need a platform are skipped, with the reason, where there is none;
/// states that a healthy machine does not have are made in forked JVMs ([OpenClStatesTest]).
package larch.opencl;
