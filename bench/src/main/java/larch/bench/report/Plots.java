package larch.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import larch.bench.report.Chart.Point;
import larch.bench.report.Chart.Series;
import larch.bench.report.Chart.Style;

/// The pictures of a run: speed against size under the peak, and the roofline. A picture without any point is left out.
final class Plots {
    private final SpeedReport report;
    private final Map<String, String> files = new LinkedHashMap<>();

    private Plots(SpeedReport report) {
        this.report = report;
    }

    /// @param report a run
    /// @return SVG documents by file name
    static Map<String, String> of(SpeedReport report) {
        Plots plots = new Plots(report);
        for (int threads : new TreeSet<>(report.rows().stream().map(Row::threads).toList())) {
            String cores = threads == 1 ? "one core" : threads + " cores";
            plots.speed("sgemm-" + threads + ".svg", "Square products in single precision, " + cores, "M = N = K", threads,
                    row -> row.name().equals("sgemm-nn") && isCube(row));
            plots.speed("training-step-" + threads + ".svg", "Training step of the teacher, " + cores, "batch size", threads,
                    row -> row.name().equals("train-teacher"));
            plots.roofline("roofline-" + threads + ".svg", "Roofline, " + cores, threads);
        }
        return plots.files;
    }

    private static boolean isCube(Row row) {
        int[] sizes = row.sizes();
        // Powers of two alone make a curve; odd sizes would be teeth.
        return sizes[0] == sizes[1] && sizes[1] == sizes[2] && Integer.bitCount(sizes[0]) == 1 && sizes[0] >= 16;
    }

    private void speed(String file, String title, String xLabel, int threads, Predicate<Row> wanted) {
        List<Row> rows = report.rows().stream().filter(row -> row.threads() == threads).filter(wanted)
                .sorted(Comparator.comparingInt(row -> row.sizes()[0])).toList();
        if (rows.isEmpty()) {
            return;
        }
        double peak = report.machine().peakOf(threads);
        Axis x = Axis.log(xLabel, rows.getFirst().sizes()[0], rows.getLast().sizes()[0], 2);
        List<Series> series = new ArrayList<>();
        series.add(Series.limit(String.format(Locale.ROOT, "FMA peak, %.0f", peak), List.of(new Point(x.from(), peak), new Point(x.to(), peak))));
        series.add(Series.line("Larch", rows.stream().map(row -> new Point(row.sizes()[0], row.gflops())).toList()));
        peers(rows).forEach((name, points) -> series.add(Series.line(name, points)));
        double highest = series.stream().flatMap(s -> s.points().stream()).mapToDouble(Point::y).max().orElseThrow();
        files.put(file, new Chart(title, x, Axis.linear("GFLOP/s", highest), series).svg());
    }

    /// Each peer's best at each of our points; its speed in our flops, where it counts samples.
    private Map<String, List<Point>> peers(List<Row> rows) {
        Map<String, List<Point>> curves = new TreeMap<>();
        if (report.peers() == null) {
            return curves;
        }
        for (Row row : rows) {
            Map<String, Double> best = new TreeMap<>();
            report.peers().stream().filter(peer -> peer.isComparableTo(row))
                    .forEach(peer -> best.merge(peer.peer(), row.gflops() / row.speedRelativeTo(peer), Math::max));
            best.forEach((name, gflops) -> curves.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Point(row.sizes()[0], gflops)));
        }
        return curves;
    }

    private void roofline(String file, String title, int threads) {
        Map<String, List<Row>> families = new TreeMap<>();
        report.rows().stream().filter(row -> row.threads() == threads && Double.isFinite(row.gflops() / row.gbs()))
                .forEach(row -> families.computeIfAbsent(row.name(), _ -> new ArrayList<>()).add(row));
        if (families.isEmpty()) {
            return;
        }
        double peak = report.machine().peakOf(threads);
        double bandwidth = report.machine().bandwidthOf(threads);
        List<Double> intensities = families.values().stream().flatMap(List::stream).map(row -> row.gflops() / row.gbs()).sorted().toList();
        double ridge = peak / bandwidth;
        Axis x = Axis.log("flops per byte of arguments and results", Math.min(ridge / 4, intensities.getFirst()),
                Math.max(ridge * 4, intensities.getLast()), 2);
        double lowest = families.values().stream().flatMap(List::stream).mapToDouble(Row::gflops).min().orElseThrow();
        double highest = families.values().stream().flatMap(List::stream).mapToDouble(Row::gflops).max().orElseThrow();
        Axis y = Axis.log("GFLOP/s", Math.min(lowest, bandwidth * x.from()), Math.max(peak, highest), 10);
        List<Series> series = new ArrayList<>();
        series.add(Series.limit(String.format(Locale.ROOT, "FMA peak, %.0f", peak), List.of(new Point(ridge, peak), new Point(x.to(), peak))));
        series.add(Series.limit(String.format(Locale.ROOT, "memory, %.0f GB/s", bandwidth),
                List.of(new Point(x.from(), bandwidth * x.from()), new Point(ridge, peak))));
        families.forEach((name, rows) -> series.add(new Series(name, Style.DOTS,
                rows.stream().map(row -> new Point(row.gflops() / row.gbs(), row.gflops())).toList(),
                rows.stream().map(row -> row.shape() + ": " + Figures.number(row.gflops())).toList())));
        files.put(file, new Chart(title, x, y, series).svg());
    }
}
