package larch.bench.suite;

/// How long a row is measured.
///
/// @param forks             JVMs, one after the other
/// @param warmups           iterations that do not count
/// @param warmupMillis      duration of each of those; an operation that takes longer is not cut off
/// @param iterations        iterations that count, in each JVM
/// @param iterationMillis   duration of each of those
record Effort(int forks, int warmups, int warmupMillis, int iterations, int iterationMillis) {
    /// @param count another number of JVMs
    /// @return the same effort with that
    Effort withForks(int count) {
        return new Effort(count, warmups, warmupMillis, iterations, iterationMillis);
    }
}
