package larch.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import larch.bench.machine.PeakWatch;
import larch.bench.machine.Stream;
import larch.bench.workload.Work;
import org.junit.jupiter.api.Test;

class PeerRowTest {
    private static final Row ONE = ours("sgemm-nn", "16x16x16", 1, 20);
    private static final Row TWO = ours("sgemm-nn", "16x16x16", 2, 36);

    @Test
    void theFastestOfTheSameWorkWithNoMoreThreadsCounts() {
        List<PeerRow> peers = List.of(peer("sgemm-nn", "16x16x16", "A", 1, 10), peer("sgemm-nn", "16x16x16", "B", 1, 16),
                peer("sgemm-nn", "16x16x16", "C", 2, 24), peer("sgemm-nt", "16x16x16", "D", 1, 99),
                peer("sgemm-nn", "16x16x17", "E", 1, 99));
        assertEquals("B", PeerRow.best(ONE, peers).orElseThrow().peer());
        assertEquals("C", PeerRow.best(TWO, peers).orElseThrow().peer());
        assertEquals(1.5, TWO.speedRelativeTo(PeerRow.best(TWO, peers).orElseThrow()));
        assertEquals(2.0, peers.getFirst().json(List.of(TWO, ONE)).get("ratio"), "the row with the fewest threads that suffice");
    }

    @Test
    void aMissingPeerIsNoRivalButIsNamed() {
        PeerRow missing = PeerRow.parse("""
                {"name": "sgemm-nn", "shape": "16x16x16", "peer": "MKL", "threads": null, "gflops": null,
                "samples_per_second": null, "note": "missing: no network"}""");
        assertTrue(PeerRow.best(ONE, List.of(missing)).isEmpty());
        String text = report(List.of(ONE), List.of(missing, missing)).text();
        assertEquals(1, text.lines().filter("not compared: MKL: missing: no network"::equals).count(), text);
    }

    /// √(2·0.5) = 1; the large one does not count.
    @Test
    void oddSizesAreSummedUpByMeanAndMinimum() {
        List<Row> rows = List.of(ours("sgemm-nn", "3x5x7", 1, 2), ours("sgemm-nn", "67x1x67", 1, 1),
                ours("sgemm-nn", "68x1x1", 1, 100));
        List<PeerRow> peers = List.of(peer("sgemm-nn", "3x5x7", "A", 1, 1), peer("sgemm-nn", "67x1x67", "A", 1, 2),
                peer("sgemm-nn", "68x1x1", "A", 1, 1));
        String text = report(rows, peers).text();
        assertTrue(text.contains("products of at most 67 in each dimension: ours / peer 1.00 in the geometric mean, lowest 0.50"),
                text);
    }

    private static SpeedReport report(List<Row> rows, List<PeerRow> peers) {
        PeakWatch peak = new PeakWatch(Duration.ofMillis(1));
        Stream.Result bandwidth = Stream.measure(Duration.ofMillis(1));
        return new SpeedReport(new MachineLimits(peak.first(), peak.sample(), peak.highest(), bandwidth, bandwidth), rows, peers);
    }

    private static Row ours(String name, String shape, int threads, double gflops) {
        return Row.of(name, shape, "simd", threads, new Work(gflops * 1e9, 1, Double.NaN),
                List.of(new Row.Iteration(1, 0, 100)), 1);
    }

    private static PeerRow peer(String name, String shape, String peer, int threads, double gflops) {
        return new PeerRow(name, shape, peer, threads, gflops, Double.NaN, "");
    }
}
