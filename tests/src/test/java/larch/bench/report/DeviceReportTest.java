package larch.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.bench.report.DeviceReport.Absent;
import larch.bench.workload.Work;
import org.junit.jupiter.api.Test;

/// The figures of a device's rows.
class DeviceReportTest {
    private static final Work WORK = new Work(2e9, 4e8, 100);

    private static DeviceRow row() {
        return DeviceRow.of("sgemm-nn", "1x2x3", WORK, List.of(new DeviceRow.Kernels(0.01, 400), new DeviceRow.Kernels(0.02, 200),
                new DeviceRow.Kernels(0.02, 800)), List.of(0.04, 0.05, 0.06), 3, 1, "kernel launches\ngemm 7\n");
    }

    /// 2 GFLOP in a median of 20 ms are 100 GFLOP/s; the shares are 50, 50 and 12.5 % of the peak beside each.
    @Test
    void kernelsAndCallsAreTimedApart() {
        DeviceRow row = row();
        assertEquals(100, row.gflops(), 1e-9);
        assertEquals(50, row.percentOfPeak(), 1e-9);
        assertEquals(20, row.gbs(), 1e-9);
        assertEquals(0.05, row.callSeconds(), 1e-9);
        assertEquals(2000, row.samplesPerSecond(), 1e-9, "samples are counted by the host's clock");
        assertEquals(3, row.firstSeconds(), 0);
    }

    @Test
    void theTextNamesThePeakTheFirstCallAndWhatIsMissing() {
        String text = new DeviceReport("a card", true, 500, 40, List.of(row()), List.of(new Absent("epoch", "x", "no kernels")), true)
                .text();
        assertTrue(text.contains("FMA peak 500.0 GFLOP/s, copy 40.0 GB/s"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches(
                "  sgemm-nn +1x2x3 +100 \\(50 %\\) +20\\.0 \\(50 %\\) +20\\.0 ms +50\\.0 ms +2,000 +3\\.00 s")), text);
        assertTrue(text.contains("not measured: epoch x: no kernels\n"), text);
        assertTrue(text.endsWith("kernels of sgemm-nn 1x2x3:\nkernel launches\ngemm 7\n"), text);
        assertFalse(text.contains("no GPU"), text);
    }

    @Test
    void aDeviceThatIsNoGpuIsToldAsOne() {
        DeviceReport report = new DeviceReport("a processor", false, 500, 40, List.of(row()), List.of(), false);
        assertTrue(report.text().contains("this device is no GPU"), report.text());
        assertFalse(report.text().contains("kernel launches"), "not asked for");
        assertEquals(false, report.json().get("device_is_gpu"));
    }
}
