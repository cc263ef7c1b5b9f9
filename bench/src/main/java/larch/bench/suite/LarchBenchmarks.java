package larch.bench.suite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import larch.bench.machine.DeviceWatch;
import larch.bench.machine.PeakWatch;
import larch.bench.machine.Stream;
import larch.bench.report.DeviceReport;
import larch.bench.report.DeviceRow;
import larch.bench.report.MachineLimits;
import larch.bench.report.PeerRow;
import larch.bench.report.Row;
import larch.bench.report.SpeedReport;
import larch.device.DeviceInfo;
import larch.fncf.bench.BenchmarkSuite;
import larch.opencl.OpenClDevices;

/// The benchmarks behind `larch bench`: limits of the machine, peers, rows, limits once more.
///
/// The peers come first: if their program fails, no hour of ours is lost with it.
public final class LarchBenchmarks implements BenchmarkSuite {
    private static final Duration PEAK = Duration.ofMillis(1_200);
    private static final Duration BANDWIDTH = Duration.ofMillis(500);

    /// For `ServiceLoader`.
    public LarchBenchmarks() {
    }

    @Override
    public Report run(Request request, Listener listener) {
        return request.target().isDevice() ? onDevice(request, listener) : onProcessor(request, listener);
    }

    private static Report onProcessor(Request request, Listener listener) {
        List<Workload> workloads = Catalogue.of(request.subject(), request.isQuick(), Runtime.getRuntime().availableProcessors());
        PeakWatch peak = new PeakWatch(PEAK);
        Stream.Result bandwidth = Stream.measure(BANDWIDTH);
        List<PeerRow> peers = request.peers() == null ? null : PeersProgram.run(request, workloads);
        ForkedRun forked = new ForkedRun(peak, request.dump());
        List<Row> rows = new ArrayList<>();
        for (Workload workload : workloads) {
            rows.add(forked.measure(workload));
            listener.measured(rows.size(), workloads.size());
        }
        double peakAfter = peak.sample();
        MachineLimits limits = new MachineLimits(peak.first(), peakAfter, peak.highest(), bandwidth, Stream.measure(BANDWIDTH));
        return new SpeedReport(limits, rows, peers);
    }

    private static Report onDevice(Request request, Listener listener) {
        DeviceWatch watch = new DeviceWatch(OpenClDevices.discover().select(request.target().device()));
        DeviceCatalogue catalogue = DeviceCatalogue.of(request.subject(), request.isQuick());
        DeviceRun run = new DeviceRun(watch);
        List<DeviceRow> rows = new ArrayList<>();
        for (Workload workload : catalogue.rows()) {
            rows.add(run.measure(workload));
            listener.measured(rows.size(), catalogue.rows().size());
        }
        watch.sampleBandwidth();
        DeviceInfo info = watch.device().info();
        return new DeviceReport(info.summary() + ", driver " + info.driver(), info.type() == DeviceInfo.Type.GPU,
                watch.highest(), watch.bandwidth(), rows, catalogue.absent(), request.target().kernelTimes());
    }
}
