/// What `larch bench` does: chooses rows, measures each in JVMs of its own beside the peak of the moment, asks the peers,
/// and hands everything to the report.
///
/// Read `LarchBenchmarks` first, then `Catalogue` and `ForkedRun`.
package larch.bench.suite;
