package larch.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import larch.bench.report.DeviceReport.Absent;
import larch.fncf.bench.BenchmarkSuite.Subject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which rows a device has, and that no other is lost without a word.
class DeviceCatalogueTest {
    @ParameterizedTest
    @EnumSource(Subject.class)
    void everyRowIsMeasuredOrNamed(Subject subject) {
        for (boolean isQuick : new boolean[] {true, false}) {
            DeviceCatalogue device = DeviceCatalogue.of(subject, isQuick);
            Set<String> expected = Catalogue.of(subject, isQuick, 2).stream().map(row -> row.name() + " " + row.shape())
                    .collect(Collectors.toSet());
            List<String> all = Stream.concat(device.rows().stream().map(row -> row.name() + " " + row.shape()),
                    device.absent().stream().map(row -> row.name() + " " + row.shape())).toList();
            assertEquals(expected, new HashSet<>(all));
            assertEquals(expected.size(), all.size(), "none twice");
            assertTrue(device.absent().stream().map(Absent::reason).noneMatch(String::isBlank));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Subject.class, names = {"GEMM", "STEP", "ATTACK", "ALL"})
    void whatIsMeasuredCanTellTheTimeOfItsKernels(Subject subject) {
        List<Workload> rows = DeviceCatalogue.of(subject, false).rows();
        assertTrue(!rows.isEmpty());
        rows.forEach(row -> assertTrue(Arrays.stream(row.benchmark().getMethods())
                .anyMatch(method -> method.getName().equals(JmhFork.ON_DEVICE)), row::toString));
    }
}
