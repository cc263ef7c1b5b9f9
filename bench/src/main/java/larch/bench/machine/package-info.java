/// What the machine itself can do: the denominators of every "% of peak" in the benchmark tables.
///
/// [larch.machine.PeakFlops] is the limit of arithmetic, [Stream] that of memory. Both are library calls of a few seconds, so
/// that a table can measure its own limits in the same run; [MachineBenchmark] is the same under JMH.
package larch.bench.machine;
