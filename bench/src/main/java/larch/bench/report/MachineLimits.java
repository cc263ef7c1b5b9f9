package larch.bench.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import larch.bench.machine.Stream;
import larch.machine.PeakFlops;

/// What the machine can do at most, measured before and after the rows.
///
/// @param peak            FMA peaks before
/// @param peakAfter       of one core after, in GFLOP/s
/// @param highestPeak     of one core at any time of the run, in GFLOP/s
/// @param bandwidth       memory bandwidth before
/// @param bandwidthAfter  after
public record MachineLimits(PeakFlops.Result peak, double peakAfter, double highestPeak, Stream.Result bandwidth,
                            Stream.Result bandwidthAfter) {
    /// @param threads how many
    /// @return the highest peak of so many cores, in GFLOP/s
    double peakOf(int threads) {
        return threads * highestPeak;
    }

    /// @param threads how many
    /// @return the higher of both bandwidths of one core or of all, in GB/s
    double bandwidthOf(int threads) {
        return threads == 1 ? Math.max(bandwidth.oneCoreGBs(), bandwidthAfter.oneCoreGBs())
                : Math.max(bandwidth.allCoresGBs(), bandwidthAfter.allCoresGBs());
    }

    String text() {
        return peak + String.format(Locale.ROOT, "%n  one core after the run: %.1f, highest of the run: %.1f%n", peakAfter, highestPeak)
                + bandwidth + String.format(Locale.ROOT, "%n  after the run: %.1f, %.1f%n", bandwidthAfter.oneCoreGBs(),
                bandwidthAfter.allCoresGBs());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("peak_gflops", highestPeak);
        json.put("bandwidth_gbs", bandwidthOf(1));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("cores", peak.cores());
        details.put("vector_bits", peak.best().vectorBits());
        details.put("peak_one_core_before", peak.oneCoreGflops());
        details.put("peak_one_core_after", peakAfter);
        details.put("peak_all_cores_before", peak.allCoresGflops());
        details.put("bandwidth_one_core_before", bandwidth.oneCoreGBs());
        details.put("bandwidth_one_core_after", bandwidthAfter.oneCoreGBs());
        details.put("bandwidth_all_cores_before", bandwidth.allCoresGBs());
        details.put("bandwidth_all_cores_after", bandwidthAfter.allCoresGBs());
        json.put("machine", details);
        return json;
    }
}
