package larch.bench.workload;

/// What one operation of a benchmark does; NaN where a count would say nothing.
///
/// @param flops   multiplications and additions
/// @param bytes   bytes that must move: every argument read once, every result written once
/// @param samples of the unit that the row's documentation names
public record Work(double flops, double bytes, double samples) {
    /// @param flops multiplications and additions
    /// @param bytes bytes that must move
    /// @return the work of an operation without samples, such as a matrix product
    static Work arithmetic(double flops, double bytes) {
        return new Work(flops, bytes, Double.NaN);
    }

    /// @param samples of the row's unit
    /// @param bytes   bytes that must move
    /// @return the work of an operation that moves data and hardly computes
    static Work movement(double samples, double bytes) {
        return new Work(Double.NaN, bytes, samples);
    }

    /// @param samples        of the row's unit
    /// @param flopsPerSample multiplications and additions of one of them
    /// @return the work of an operation on a network
    static Work network(double samples, double flopsPerSample) {
        return new Work(samples * flopsPerSample, Double.NaN, samples);
    }
}
