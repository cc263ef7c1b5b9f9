package larch.bench.machine;

import java.util.Comparator;
import java.util.Map;
import larch.opencl.OpenClDevice;
import larch.opencl.probe.Finding;
import larch.opencl.probe.Probe;
import larch.opencl.probe.Probes;

/// What an OpenCL device can do at most, measured again and again over a long run: independent fused multiply-adds in
/// registers (`E0.fma`), and a copy of global memory (`E0.copy`). Both probes check what they compute.
public final class DeviceWatch {
    private static final String FMA = "E0.fma";
    private static final String COPY = "E0.copy";

    private final OpenClDevice device;
    private double highest;
    private double latest;
    private double bandwidth;

    /// Measures for the first time.
    /// @param device which device
    public DeviceWatch(OpenClDevice device) {
        this.device = device;
        sample();
        sampleBandwidth();
    }

    /// @return the device
    public OpenClDevice device() {
        return device;
    }

    /// @return the device's FMA peak now, in GFLOP/s, by the vector width that does best
    public double sample() {
        latest = best(FMA, "GFLOP/s");
        highest = Math.max(highest, latest);
        return latest;
    }

    /// @return the peak of the last sample, in GFLOP/s
    public double latest() {
        return latest;
    }

    /// @return the highest peak so far, in GFLOP/s
    public double highest() {
        return highest;
    }

    /// Copies once more.
    public void sampleBandwidth() {
        bandwidth = Math.max(bandwidth, best(COPY, "GB/s"));
    }

    /// @return the best copy so far, bytes read and written, in GB/s
    public double bandwidth() {
        return bandwidth;
    }

    private double best(String id, String unit) {
        Probe probe = Probes.of("E0").stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
        Finding finding = probe.run(device);
        return finding.numbers().entrySet().stream().filter(number -> number.getKey().startsWith(unit))
                .max(Comparator.comparingDouble(Map.Entry::getValue)).map(Map.Entry::getValue)
                .orElseThrow(() -> new IllegalStateException("peak of " + device + ", probe " + id + ": expected " + unit
                        + ", got: " + finding.verdict()));
    }
}
