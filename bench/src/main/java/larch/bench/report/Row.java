package larch.bench.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import larch.bench.workload.Work;

/// One measured row; NaN where a figure does not exist. Medians over iterations.
///
/// @param name             what was measured (`bench/README.md`)
/// @param shape            its sizes
/// @param backend          the kernels
/// @param threads          threads that worked together
/// @param gflops           10⁹ nominal flops per second
/// @param percentOfPeak    those as a percentage of threads · the peak of one core beside each iteration
/// @param samplesPerSecond of the row's unit
/// @param gbs              10⁹ bytes per second that had to move
/// @param bytesPerOp       heap allocated by one operation
/// @param seconds          of one operation
/// @param secondsLow       lower quartile
/// @param secondsHigh      upper quartile
/// @param iterations       iterations that counted
/// @param forks            JVMs
public record Row(String name, String shape, String backend, int threads, double gflops, double percentOfPeak,
                  double samplesPerSecond, double gbs, double bytesPerOp, double seconds, double secondsLow, double secondsHigh,
                  int iterations, int forks) {
    private static final double GIGA = 1e9;

    /// One iteration.
    ///
    /// @param seconds of one operation
    /// @param bytes   heap allocated by one operation; NaN if unknown
    /// @param peak    of one core beside it, in GFLOP/s
    public record Iteration(double seconds, double bytes, double peak) {
    }

    /// @param name       what was measured
    /// @param shape      its sizes
    /// @param backend    the kernels
    /// @param threads    threads that worked together
    /// @param work       what one operation does
    /// @param iterations at least one
    /// @param forks      JVMs
    /// @return the row of those iterations
    public static Row of(String name, String shape, String backend, int threads, Work work, List<Iteration> iterations, int forks) {
        double[] seconds = sorted(iterations, Iteration::seconds);
        double median = quantile(seconds, 0.5);
        double percent = quantile(sorted(iterations, i -> 100 * work.flops() / i.seconds() / GIGA / (threads * i.peak())), 0.5);
        return new Row(name, shape, backend, threads, work.flops() / median / GIGA, percent, work.samples() / median,
                work.bytes() / median / GIGA, quantile(sorted(iterations, Iteration::bytes), 0.5), median,
                quantile(seconds, 0.25), quantile(seconds, 0.75), iterations.size(), forks);
    }

    private static double[] sorted(List<Iteration> iterations, ToDoubleFunction<Iteration> figure) {
        return iterations.stream().mapToDouble(figure).sorted().toArray();
    }

    /// Between two values, the one at their distance.
    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// How often this row goes through its operation while a peer does once; by samples if both have them, else by flops.
    /// @param peer a peer's row of the same name and shape
    /// @return our speed divided by the peer's; NaN if the peer was not measured
    double speedRelativeTo(PeerRow peer) {
        double bySamples = samplesPerSecond / peer.samplesPerSecond();
        return Double.isNaN(bySamples) ? gflops / peer.gflops() : bySamples;
    }

    /// @param best the fastest peer, or null
    /// @return the row for programs
    Map<String, Object> json(PeerRow best) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("shape", shape);
        json.put("backend", backend);
        json.put("threads", threads);
        json.put("gflops", orNull(gflops));
        json.put("percent_of_peak", orNull(percentOfPeak));
        json.put("samples_per_second", orNull(samplesPerSecond));
        json.put("gbs", orNull(gbs));
        json.put("bytes_per_op", orNull(bytesPerOp));
        json.put("seconds", seconds);
        json.put("seconds_low", secondsLow);
        json.put("seconds_high", secondsHigh);
        json.put("iterations", iterations);
        json.put("forks", forks);
        json.put("peer", best == null ? null : best.peer());
        json.put("ratio", best == null ? null : orNull(speedRelativeTo(best)));
        return json;
    }

    /// JSON has no NaN.
    static Double orNull(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }

    /// @return the numbers in the shape, from left to right
    int[] sizes() {
        return Arrays.stream(shape.split("[^0-9]+")).filter(part -> !part.isEmpty()).mapToInt(Integer::parseInt).toArray();
    }
}
