package larch.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.bench.workload.Work;

/// One row measured on a device; NaN where a figure does not exist. Medians over iterations.
///
/// @param name           what was measured (`bench/README.md`)
/// @param shape          its sizes
/// @param gflops         10⁹ nominal flops per second of kernels' time
/// @param percentOfPeak  those as a percentage of the device's FMA peak beside each iteration
/// @param gbs            10⁹ bytes per second of kernels' time that had to move
/// @param kernelSeconds  of the kernels of one operation, by the device's clock
/// @param callSeconds    of one operation, by the host's: transfers, launches and the host's own work included
/// @param callLow        lower quartile of those
/// @param callHigh       upper quartile
/// @param samplesPerSecond of the row's unit, by the host's clock
/// @param firstSeconds   of the first operation in a new JVM, which builds its kernels; no part of the others
/// @param iterations     that counted, of either kind
/// @param forks          pairs of JVMs
/// @param kernelTable    the time of each kernel, in the last fork
public record DeviceRow(String name, String shape, double gflops, double percentOfPeak, double gbs, double kernelSeconds,
                        double callSeconds, double callLow, double callHigh, double samplesPerSecond, double firstSeconds,
                        int iterations, int forks, String kernelTable) {
    private static final double GIGA = 1e9;

    /// One iteration on the device's clock.
    ///
    /// @param seconds of the kernels of one operation
    /// @param peak    of the device beside it, in GFLOP/s
    public record Kernels(double seconds, double peak) {
    }

    /// @param name    what was measured
    /// @param shape   its sizes
    /// @param work    what one operation does
    /// @param kernels at least one iteration on the device's clock
    /// @param calls   seconds of one operation on the host's clock, one for each iteration
    /// @param first   seconds of the first operation
    /// @param forks   pairs of JVMs
    /// @param table   the time of each kernel
    /// @return the row of those iterations
    public static DeviceRow of(String name, String shape, Work work, List<Kernels> kernels, List<Double> calls, double first,
                               int forks, String table) {
        double[] shares = kernels.stream().mapToDouble(k -> 100 * work.flops() / k.seconds() / GIGA / k.peak()).sorted().toArray();
        double[] device = kernels.stream().mapToDouble(Kernels::seconds).sorted().toArray();
        double[] host = calls.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double kernel = Row.quantile(device, 0.5);
        double call = Row.quantile(host, 0.5);
        return new DeviceRow(name, shape, work.flops() / kernel / GIGA, Row.quantile(shares, 0.5), work.bytes() / kernel / GIGA,
                kernel, call, Row.quantile(host, 0.25), Row.quantile(host, 0.75), work.samples() / call, first,
                kernels.size(), forks, table);
    }

    /// @return the row for programs
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("shape", shape);
        json.put("kernel_gflops", Row.orNull(gflops));
        json.put("percent_of_device_peak", Row.orNull(percentOfPeak));
        json.put("kernel_gbs", Row.orNull(gbs));
        json.put("kernel_seconds", kernelSeconds);
        json.put("call_seconds", callSeconds);
        json.put("call_seconds_low", callLow);
        json.put("call_seconds_high", callHigh);
        json.put("samples_per_second", Row.orNull(samplesPerSecond));
        json.put("first_call_seconds", firstSeconds);
        json.put("iterations", iterations);
        json.put("forks", forks);
        json.put("kernel_times", kernelTable.lines().toList());
        return json;
    }
}
