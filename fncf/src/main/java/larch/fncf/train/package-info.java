/// Training: stages as values, the methods of the paper as lists of stages, one trainer for all of them.
///
/// Read `Stage` first, then `Method` and `Trainer`.
package larch.fncf.train;
