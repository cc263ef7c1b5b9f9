/// Chains of calls as one kernel: each work-group takes some rows of a batch through all of them, so that a whole network,
/// forward and back, costs one launch. Read `FusedSource` first.
package larch.opencl.fused;
