package larch.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class OpenClScopeTest {
    private final List<String> released = new ArrayList<>();

    @Test
    void releasesInReverseOrderAndOnlyOnce() {
        var scope = new OpenClScope();
        scope.own("context", released::add);
        scope.own("buffer", released::add);
        scope.close();
        scope.close();
        assertEquals(List.of("buffer", "context"), released);
    }

    @Test
    void aFailingReleaseDoesNotKeepTheOthers() {
        Consumer<String> failing = name -> {
            released.add(name);
            throw new IllegalStateException(name);
        };
        var scope = new OpenClScope();
        scope.own("context", released::add);
        scope.own("queue", failing);
        scope.own("buffer", failing);
        var error = assertThrows(IllegalStateException.class, scope::close);
        assertEquals("buffer", error.getMessage());
        assertEquals("queue", error.getSuppressed()[0].getMessage());
        assertEquals(List.of("buffer", "queue", "context"), released);
    }
}
