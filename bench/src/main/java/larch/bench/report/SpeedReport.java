package larch.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import larch.fncf.bench.BenchmarkSuite.Report;
import larch.fncf.experiment.Table;

/// The rows of a run as text, as JSON and as pictures.
///
/// @param machine what bounds them
/// @param rows    ours
/// @param peers   others'; null if none were asked
public record SpeedReport(MachineLimits machine, List<Row> rows, List<PeerRow> peers) implements Report {
    /// The largest dimension of what counts as an odd or tiny product in the summary.
    private static final int ODD = 67;

    /// Copies the lists.
    public SpeedReport {
        rows = List.copyOf(rows);
        peers = peers == null ? null : List.copyOf(peers);
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(machine.text()).append('\n').append(table().toText());
        if (rows.stream().anyMatch(row -> !Double.isFinite(row.gbs()))) {
            text.append("data: generated, with the sizes of MovieLens 1M\n");
        }
        if (peers != null) {
            text.append(oddSizes());
            peers.stream().filter(peer -> !peer.isMeasured()).map(peer -> peer.peer() + ": " + peer.note())
                    .collect(Collectors.toCollection(TreeSet::new))
                    .forEach(line -> text.append("not compared: ").append(line).append('\n'));
        }
        return text.toString();
    }

    private Table table() {
        List<String> columns = new ArrayList<>(List.of("benchmark", "shape", "threads", "GFLOP/s (of peak)", "samples/s", "GB/s",
                "bytes/op", "time/op"));
        if (peers != null) {
            columns.addAll(List.of("best peer", "ours / peer"));
        }
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.name(), row.shape(), String.valueOf(row.threads()),
                    Figures.speed(row.gflops(), row.percentOfPeak()), Figures.number(row.samplesPerSecond()),
                    Figures.number(row.gbs()), Figures.number(Math.rint(row.bytesPerOp())), Figures.time(row.seconds())));
            if (peers != null) {
                PeerRow best = PeerRow.best(row, peers).orElse(null);
                line.add(best == null ? "-" : best.peer() + ", " + best.threads() + (best.threads() == 1 ? " thread" : " threads"));
                line.add(best == null ? "-" : String.format(Locale.ROOT, "%.2f", row.speedRelativeTo(best)));
            }
            cells.add(line);
        }
        return new Table("bench", "medians; in brackets the share of the FMA peak of as many cores", columns, cells);
    }

    /// The geometric mean over small and odd products, of which no single one matters.
    private String oddSizes() {
        List<Row> odd = rows.stream().filter(row -> row.name().startsWith("sgemm")
                && Arrays.stream(row.sizes()).allMatch(n -> n <= ODD)).toList();
        double[] ratios = odd.stream().flatMap(row -> PeerRow.best(row, peers).map(row::speedRelativeTo).stream())
                .mapToDouble(ratio -> ratio).toArray();
        if (ratios.length == 0) {
            return "";
        }
        double mean = Math.exp(Arrays.stream(ratios).map(Math::log).average().orElseThrow());
        return String.format(Locale.ROOT, "products of at most %d in each dimension: ours / peer %.2f in the geometric mean, lowest"
                + " %.2f%n", ODD, mean, Arrays.stream(ratios).min().orElseThrow());
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>(machine.json());
        json.put("rows", rows.stream().map(row -> row.json(peers == null ? null : PeerRow.best(row, peers).orElse(null))).toList());
        json.put("peers", peers == null ? null : peers.stream().map(peer -> peer.json(rows)).toList());
        return json;
    }

    @Override
    public Map<String, String> plots() {
        return Plots.of(this);
    }
}
