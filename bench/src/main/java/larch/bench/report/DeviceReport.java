package larch.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import larch.fncf.bench.BenchmarkSuite.Report;
import larch.fncf.experiment.Table;

/// The rows of a run on an OpenCL device as text and as JSON.
///
/// @param device       the device in one line
/// @param isGpu        whether it is one
/// @param peakGflops   its highest FMA peak of the run
/// @param bandwidthGbs its best copy of the run, bytes read and written
/// @param rows         what was measured
/// @param absent       rows of the subject that do not exist for a device
/// @param showsKernels whether the text ends with the time of each kernel
public record DeviceReport(String device, boolean isGpu, double peakGflops, double bandwidthGbs, List<DeviceRow> rows,
                           List<Absent> absent, boolean showsKernels) implements Report {
    /// A row that was not measured.
    ///
    /// @param name   its name
    /// @param shape  its shape
    /// @param reason why not
    public record Absent(String name, String shape, String reason) {
    }

    /// Copies the lists.
    public DeviceReport {
        rows = List.copyOf(rows);
        absent = List.copyOf(absent);
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%s%n  FMA peak %.1f GFLOP/s, copy %.1f GB/s, both"
                + " highest of this run%n", device, peakGflops, bandwidthGbs));
        if (!isGpu) {
            text.append("  this device is no GPU: its figures say nothing of what the kernels do on one\n");
        }
        text.append('\n').append(table().toText());
        absent.forEach(row -> text.append("not measured: ").append(row.name()).append(' ').append(row.shape()).append(": ")
                .append(row.reason()).append('\n'));
        if (showsKernels) {
            rows.forEach(row -> text.append("\nkernels of ").append(row.name()).append(' ').append(row.shape()).append(":\n")
                    .append(row.kernelTable()));
        }
        return text.toString();
    }

    private Table table() {
        List<List<String>> cells = new ArrayList<>();
        for (DeviceRow row : rows) {
            cells.add(List.of(row.name(), row.shape(), Figures.speed(row.gflops(), row.percentOfPeak()),
                    Figures.speed(row.gbs(), 100 * row.gbs() / bandwidthGbs), Figures.time(row.kernelSeconds()),
                    Figures.time(row.callSeconds()), Figures.number(row.samplesPerSecond()), Figures.time(row.firstSeconds())));
        }
        return new Table("bench", "medians; kernels: on the device alone, by its own clock, in brackets the share of its peak;"
                + " call: with transfers and the host's work", List.of("benchmark", "shape", "kernels GFLOP/s", "kernels GB/s",
                "kernels/op", "call/op", "samples/s", "first call"), cells);
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("device", device);
        json.put("device_is_gpu", isGpu);
        json.put("device_peak_gflops", peakGflops);
        json.put("device_copy_gbs", bandwidthGbs);
        json.put("rows", rows.stream().map(DeviceRow::json).toList());
        json.put("not_measured", absent.stream().map(row -> Map.of("name", row.name(), "shape", row.shape(), "reason",
                row.reason())).toList());
        return json;
    }

    @Override
    public Map<String, String> plots() {
        return Map.of();
    }
}
