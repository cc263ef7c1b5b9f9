/// What is measured: one JMH benchmark for each family of rows.
///
/// A benchmark's parameters `name` and `shape` are those of its row (`bench/README.md`), `threads` and `backend` choose the
/// kernels. Each has a static `work(name, shape)` that counts what one operation does, and verifies its result in its
/// set-up. Read `GemmBenchmark` first, then `Work` and `BenchmarkState`.
package larch.bench.workload;
