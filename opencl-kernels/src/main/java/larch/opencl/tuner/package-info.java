/// The search for the fastest kernels of a device's products, behind `./larch tune --backend opencl`.
///
/// `ProductSpace` says what is tried and on which products, `ProductTrial` how a candidate is checked and timed; the rules are
/// those of [larch.tuner]. What is found is written as [larch.opencl.tuning] reads it.
package larch.opencl.tuner;
