package larch.backend;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackendsTest {
    private static final BackendOptions OPTIONS = new BackendOptions(1, 128);

    @Test
    void providersComeByPriority() {
        List<String> names = Backends.providers().stream().map(BackendProvider::name).toList();
        assertEquals(List.of("simd", "reference", "opencl"), names, "a device is never taken unasked");
        List<Integer> priorities = Backends.providers().stream().map(BackendProvider::priority).toList();
        assertEquals(priorities.stream().sorted(Comparator.reverseOrder()).toList(), priorities);
    }

    @Test
    void anyBackendCanBeForced() {
        for (String name : List.of("simd", "reference")) {
            try (Backend backend = Backends.select(name, OPTIONS)) {
                assertEquals(name, backend.name());
            }
        }
        try (Backend backend = Backends.select("simd", OPTIONS)) {
            assertEquals("simd: 128-bit vectors (4 floats), 1 thread, shipped tuning", backend.describe());
        }
    }

    @Test
    void aForcedBackendThatIsMissingIsAnError() {
        String message = assertThrows(BackendUnavailableException.class, () -> Backends.select("cuda", OPTIONS)).getMessage();
        assertTrue(message.startsWith("backend: there is no 'cuda'; choose one of "), message);
        assertTrue(message.contains("simd") && message.contains("reference"), message);
    }

    @Test
    void noForcedBackendMeansTheBestThatRuns() {
        String best = Backends.providers().stream().filter(p -> p.whyUnavailable() == null).findFirst().orElseThrow().name();
        for (String name : new String[] {null, "auto"}) {
            try (Backend backend = Backends.select(name, OPTIONS)) {
                assertEquals(best, backend.name());
            }
        }
    }

    @Test
    void tasksRunSideBySideWhereThereAreThreads() {
        try (Backend simd = Backends.select("simd", OPTIONS.withThreads(2))) {
            CyclicBarrier both = new CyclicBarrier(2);
            simd.parallel(2, _ -> assertDoesNotThrow(() -> both.await(10, TimeUnit.SECONDS)));
        }
        try (Backend reference = Backends.select("reference", OPTIONS)) {
            List<Integer> order = new ArrayList<>();
            reference.parallel(3, order::add);
            assertEquals(List.of(0, 1, 2), order);
        }
    }

    @Test
    void optionsAreChecked() {
        assertEquals("threads: expected at least 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> new BackendOptions(0, 0)).getMessage());
        assertEquals("vectorBits: expected 0 (preferred), 128, 256 or 512, got 64",
                assertThrows(IllegalArgumentException.class, () -> new BackendOptions(1, 64)).getMessage());
        assertEquals(new BackendOptions(3, 128), OPTIONS.withThreads(3));
    }

    @Test
    void systemPropertiesAreRead() {
        withProperty("larch.threads", "3", () -> assertEquals(3, BackendOptions.fromSystemProperties().threads()));
        withProperty("larch.vectorBits", " 256 ",
                () -> assertEquals(256, BackendOptions.fromSystemProperties().vectorBits()));
        withProperty("larch.threads", "many", () -> assertEquals("-Dlarch.threads: expected an integer, got 'many'",
                assertThrows(IllegalArgumentException.class, BackendOptions::fromSystemProperties).getMessage()));
        withProperty("larch.backend", "reference", () -> {
            try (Backend backend = Backends.select()) {
                assertEquals("reference", backend.name());
            }
        });
    }

    private static void withProperty(String name, String value, Runnable body) {
        String before = System.getProperty(name);
        System.setProperty(name, value);
        try {
            body.run();
        } finally {
            if (before == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
        }
    }
}
