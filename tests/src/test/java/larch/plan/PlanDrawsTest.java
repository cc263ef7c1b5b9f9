package larch.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.op.Dropout;
import larch.op.GaussianNoise;
import larch.op.Op;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Random numbers in a plan: other ones in each run, or an error.
class PlanDrawsTest {
    private final Backend backend = new ReferenceBackend();
    private final Tensor x = Tensor.full(1, 4, 8);

    private Tensor[] record(Op op, Plan[] plan) {
        Tensor[] result = new Tensor[1];
        plan[0] = Plan.record(backend, recorder -> {
            Tape tape = Tape.recording(recorder);
            result[0] = tape.constant(x).apply(op).value();
            recorder.keep(result[0]);
        });
        return result;
    }

    @Test
    void aFixedStreamIsRefused() {
        Rng step = Rng.of(1).stream("noise", 7);
        for (Op op : List.of(new GaussianNoise(step, 0.5f), new Dropout(step, 0.5f))) {
            assertEquals("plan: each run would draw the same numbers from Rng[seed 1: noise[7]], which is fixed; let it follow"
                            + " a counter, Rng.stream(name, LongSupplier), or draw once before recording",
                    assertThrows(IllegalStateException.class, () -> record(op, new Plan[1])).getMessage());
        }
    }

    @Test
    void aStreamThatFollowsACounterDrawsAnewInEachRun() {
        AtomicLong step = new AtomicLong();
        Rng noise = Rng.of(1).stream("noise", step::get).stream("fc1");
        for (Op op : List.of(new GaussianNoise(noise, 0.5f), new Dropout(noise, 0.5f))) {
            step.set(0);
            Plan[] plan = new Plan[1];
            Tensor[] result = record(op, plan);
            float[] first = result[0].toArray();
            step.set(1);
            plan[0].run();
            float[] second = result[0].toArray();
            assertFalse(Arrays.equals(first, second), op::name);
            step.set(0);
            plan[0].run();
            assertArrayEquals(first, result[0].toArray(), op.name());
        }
    }

    @Test
    void whatDrawsNothingOrIsNotRecordedMayBeFixed() {
        Rng fixed = Rng.of(1).stream("noise");
        assertArrayEquals(x.toArray(), record(new GaussianNoise(fixed, 0), new Plan[1])[0].toArray());
        Tensor drawn = Tensor.zeros(3);
        Backend[] kept = new Backend[1];
        Plan.record(backend, recorder -> {
            recorder.host("draw", () -> recorder.normals(fixed, drawn), drawn);
            recorder.elementwise(larch.expr.Expr.arg(0), recorder.allocate(Shape.of(3)), drawn);
            kept[0] = recorder;
        });
        kept[0].uniforms(fixed, drawn);
    }

    @Test
    void streamsKnowWhetherTheyFollowACounter() {
        Rng root = Rng.of(3);
        assertFalse(root.followsCounter() || root.stream("a").followsCounter() || root.stream("a", 5).followsCounter());
        Rng moving = root.stream("a", () -> 5);
        assertTrue(moving.followsCounter() && moving.stream("b").followsCounter() && moving.stream("b", 1).followsCounter());
        assertEquals(root.stream("a", 5).stream("b").key(), moving.stream("b").key());
    }
}
