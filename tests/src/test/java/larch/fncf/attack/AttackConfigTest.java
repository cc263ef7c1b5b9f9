package larch.fncf.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AttackConfigTest {
    @Test
    void paperIsTheFixedConstantAttackOfThePaper() {
        AttackConfig paper = AttackConfig.paper(0.3f);
        assertEquals(new AttackConfig(0, 0.3f, 1, 1_000, 0.1f, 1, true, 0, BoxMethod.TANH, 0.999f, AttackLoss.HINGE,
                Distance.L2_SQUARED, 0, 0.25f, 0, 1e-5f, 1, 128), paper);
    }

    @Test
    void strongSearchesRestartsAndEndsOnTheBoundary() {
        AttackConfig strong = AttackConfig.strong();
        assertEquals(9, strong.binarySearchSteps());
        assertEquals(5, strong.restarts());
        assertEquals(BoxMethod.PROJECT, strong.box());
        assertEquals(1e-4f, strong.boundaryTolerance());
        assertEquals(1e-5f, strong.boundaryMargin());
        assertEquals(0.5f, strong.abortFrom());
    }

    @Test
    void theBuilderSetsEveryComponentAndNoOther() throws ReflectiveOperationException {
        AttackConfig one = AttackConfig.paper(1);
        AttackConfig other = new AttackConfig(2, 3, 4, 5, 6, 0.7f, false, 0.8f, BoxMethod.NONE, 0.9f, AttackLoss.LOGIT,
                Distance.L2, 10, 11, 0.12f, 0.13f, 14, 15);
        assertEquals(other, other.toBuilder().build());
        for (RecordComponent component : AttackConfig.class.getRecordComponents()) {
            AttackConfig.Builder builder = one.toBuilder();
            AttackConfig.Builder.class.getMethod(component.getName(), component.getType())
                    .invoke(builder, component.getAccessor().invoke(other));
            AttackConfig changed = builder.build();
            for (RecordComponent each : AttackConfig.class.getRecordComponents()) {
                Object expected = each.getAccessor().invoke(each.getName().equals(component.getName()) ? other : one);
                assertEquals(expected, each.getAccessor().invoke(changed), each.getName());
            }
            assertNotEquals(one, changed, component.getName());
        }
    }

    @Test
    void badNumbersAreRefusedByName() {
        assertRefused("confidence must be at least 0 and finite; got -1.0", b -> b.confidence(-1));
        assertRefused("confidence", b -> b.confidence(Float.POSITIVE_INFINITY));
        assertRefused("initialConst must be positive", b -> b.initialConst(0));
        assertRefused("binarySearchSteps", b -> b.binarySearchSteps(0));
        assertRefused("maxIterations", b -> b.maxIterations(0));
        assertRefused("learningRate", b -> b.learningRate(Float.NaN));
        assertRefused("finalLearningRate must be in (0, 1]; got 2.0", b -> b.finalLearningRate(2));
        assertRefused("abortFrom", b -> b.abortFrom(1.5f));
        assertRefused("smoothing", b -> b.smoothing(1));
        assertRefused("restarts", b -> b.restarts(-1));
        assertRefused("boundaryMargin", b -> b.boundaryMargin(-1));
        assertRefused("restartRadius", b -> b.restartRadius(0));
        assertRefused("boundaryTolerance", b -> b.boundaryTolerance(1));
        assertRefused("batchRows", b -> b.batchRows(0));
    }

    private static void assertRefused(String expected, UnaryOperator<AttackConfig.Builder> change) {
        AttackConfig.Builder builder = change.apply(AttackConfig.strong().toBuilder());
        String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
