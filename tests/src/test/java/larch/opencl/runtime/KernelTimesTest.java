package larch.opencl.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("opencl")
@Timeout(60)
class KernelTimesTest {
    @Test
    void launchesAreCountedAndTimedByKernel() {
        try (var on = new Opened(true)) {
            DeviceMemory x = on.upload(1, 2, 3, 4);
            DeviceMemory y = on.upload(1, 2, 3, 4);
            Launch axpy = on.launch("axpy", 4, 4);
            Launch counted = new Launch(axpy.program(), "axpy", axpy.range(), 8, 48);
            Launch spin = on.launch("spin", 1, 1);
            long start = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                on.launcher.launch(counted, x, y, 1f, 4);
            }
            try (PreparedLaunch prepared = on.launcher.prepare(spin, x, 3_000_000)) {
                prepared.run();
                prepared.run();
            }
            List<KernelTimes.Row> rows = on.launcher.times().rows();
            long elapsed = System.nanoTime() - start;
            assertEquals(List.of("spin", "axpy"), rows.stream().map(KernelTimes.Row::kernel).toList());
            assertEquals(2, rows.get(0).launches());
            KernelTimes.Row row = rows.get(1);
            assertEquals(new KernelTimes.Row("axpy", 3, row.nanos(), 24, 144), row);
            long sum = rows.get(0).nanos() + row.nanos();
            assertTrue(row.nanos() > 0 && sum <= elapsed, () -> sum + " ns of " + elapsed);
            assertTrue(rows.get(0).nanos() > 1_000_000, "six million dependent steps take more than a millisecond");
            long span = on.launcher.times().spanNanos();
            assertTrue(span >= sum && span <= elapsed, () -> span + " ns of " + elapsed + ", of which kernels " + sum);
            String table = on.launcher.times().table();
            assertTrue(table.lines().skip(2).findFirst().orElseThrow()
                    .matches("axpy +3 +\\d+\\.\\d{3} +\\d+% +\\d+\\.\\d\\d +\\d+\\.\\d\\d +\\d+\\.\\d\\d"), table);
            assertTrue(table.lines().skip(1).findFirst().orElseThrow().endsWith("        -        -"), table);
            on.launcher.times().reset();
            assertEquals(List.of(), on.launcher.times().rows());
            assertEquals(0, on.launcher.times().spanNanos());
        }
    }

    @Test
    void ratesArePerNanosecond() {
        var row = new KernelTimes.Row("gemm", 4, 2000, 6000, 1000);
        assertEquals(0.5, row.meanMicros());
        assertEquals(3, row.gflops());
        assertEquals(0.5, row.gbps());
    }

    @Test
    void moreLaunchesThanMayPendAreAllCounted() {
        try (var on = new Opened(true)) {
            DeviceMemory x = on.upload(1);
            int launches = KernelTimes.MOST_PENDING + 100;
            try (PreparedLaunch prepared = on.launcher.prepare(on.launch("spin", 1, 1), x, 1)) {
                for (int i = 0; i < launches; i++) {
                    prepared.run();
                }
            }
            assertTrue(on.launcher.times().pending() <= KernelTimes.MOST_PENDING);
            assertEquals(launches, on.launcher.times().rows().getFirst().launches());
            assertEquals(0, on.launcher.times().pending());
        }
    }

    @Test
    void withoutProfilingNothingIsTimed() {
        try (var on = new Opened()) {
            DeviceMemory x = on.upload(1);
            on.launcher.launch(on.launch("spin", 1, 1), x, 1);
            assertEquals(List.of(), on.launcher.times().rows());
        }
    }
}
