package larch.bench.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import larch.bench.report.DeviceReport.Absent;
import larch.bench.workload.AttackBenchmark;
import larch.bench.workload.EpochBenchmark;
import larch.bench.workload.EvaluationBenchmark;
import larch.bench.workload.GemmBenchmark;
import larch.bench.workload.TrainingBenchmark;
import larch.fncf.bench.BenchmarkSuite.Subject;

/// Which rows of the [Catalogue] exist for an OpenCL device. The others are named, with the reason.
///
/// @param rows   those that are measured; threads of the host make no difference to them
/// @param absent those that are not
record DeviceCatalogue(List<Workload> rows, List<Absent> absent) {
    private static final List<Class<?>> MEASURED = List.of(GemmBenchmark.class, TrainingBenchmark.class, AttackBenchmark.class);
    private static final Map<Class<?>, String> REASONS = Map.of(
            EpochBenchmark.class, "drawing and shuffling samples is the processor's work; train-teacher is the device's part",
            EvaluationBenchmark.class, "no row of its kernels' time exists yet");
    private static final String KERNEL = "single kernels have no row yet; --kernel-times shows those of steps and attacks";

    /// @param subject what is measured
    /// @param isQuick whether only the headlines
    /// @return its rows
    static DeviceCatalogue of(Subject subject, boolean isQuick) {
        List<Workload> rows = new ArrayList<>();
        List<Absent> absent = new ArrayList<>();
        for (Workload row : Catalogue.of(subject, isQuick, 1)) {
            if (MEASURED.contains(row.benchmark())) {
                rows.add(row);
            } else {
                absent.add(new Absent(row.name(), row.shape(), REASONS.getOrDefault(row.benchmark(), KERNEL)));
            }
        }
        return new DeviceCatalogue(rows, absent);
    }
}
