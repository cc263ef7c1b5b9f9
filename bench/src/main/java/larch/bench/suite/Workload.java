package larch.bench.suite;

import larch.bench.workload.Work;

/// One row to be measured.
///
/// @param benchmark the JMH benchmark's class; its method is `run`
/// @param name      the row's name, the benchmark's parameter if it has several
/// @param shape     the row's shape, the benchmark's parameter
/// @param threads   threads that work together on one operation
/// @param work      what one operation does
/// @param effort    how long to measure
record Workload(Class<?> benchmark, String name, String shape, int threads, Work work, Effort effort) {
    /// @return the row in words, for messages
    @Override
    public String toString() {
        return name + " " + shape + " on " + threads + (threads == 1 ? " thread" : " threads");
    }
}
