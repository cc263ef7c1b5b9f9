package larch.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import larch.bench.ops.OpsBenchmark;
import larch.op.OpSpec;
import larch.op.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;

/// The benchmark of ops knows them all, and refuses to time what is wrong.
class OpsAreBenchmarkedTest {
    // JMH wants constants, so the list cannot be read from the registry.
    @Test
    void itsListIsTheRegistry() throws NoSuchFieldException {
        Set<String> listed = new TreeSet<>(Arrays.asList(OpsBenchmark.class.getField("op").getAnnotation(Param.class).value()));
        Set<String> registered = Ops.ALL.stream().map(OpSpec::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(registered, listed, "add the op to the @Param of larch.bench.ops.OpsBenchmark");
    }

    @ParameterizedTest
    @ValueSource(strings = {"matmul", "softmax", "gather_rows", "concat", "add"})
    void verifiesItself(String op) {
        OpsBenchmark benchmark = benchmark(op);
        benchmark.setUp();
        benchmark.forward();
        benchmark.forwardAndBackward();
        benchmark.tearDown();
    }

    @Test
    void anUnknownNameIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> benchmark("warp").setUp()).getMessage();
        assertEquals("op: there is no 'warp'; choose with -p op= from [add, sub, mul,", message.substring(0, 63));
    }

    private static OpsBenchmark benchmark(String op) {
        OpsBenchmark benchmark = new OpsBenchmark();
        benchmark.op = op;
        benchmark.backend = "simd";
        benchmark.extent = 20;
        return benchmark;
    }
}
