package larch.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.gen.OpCase;
import larch.gen.TestBackend;
import larch.op.Op;
import larch.op.OpSpec;
import larch.op.Ops;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What every op promises about shapes: it takes all sizes, zero included, and refuses the rest in one clear line.
class OpShapeContractTest {
    @TestFactory
    Stream<DynamicTest> acceptsEverySizeThatItsSignatureAllows() {
        return each(spec -> {
            for (Map<String, Integer> extents : OpCase.bindings(spec, 0, 1, 2, 3, 7)) {
                OpCase example = OpCase.of(spec, extents);
                Tape tape = Tape.inference(TestBackend.REFERENCE);
                Var[] vars = Arrays.stream(example.inputs()).map(tape::constant).toArray(Var[]::new);
                assertEquals(example.op().resultShape(shapes(example.inputs())), tape.apply(example.op(), vars).shape(),
                        example.label());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> nameOfTheSpecIsTheOpsOwn() {
        return each(spec -> assertEquals(spec.name(), example(spec).op().name()));
    }

    @TestFactory
    Stream<DynamicTest> refusesAnotherNumberOfArguments() {
        return each(spec -> {
            OpCase example = example(spec);
            List<Shape> shapes = List.of(shapes(example.inputs()));
            assertRefused(example.op());
            if (!spec.name().equals("concat")) {
                assertRefused(example.op(), Stream.concat(shapes.stream(), shapes.stream()).toArray(Shape[]::new));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> refusesAnExtentThatDisagreesWithAnotherArgument() {
        return each(spec -> {
            OpCase example = example(spec);
            Shape[] shapes = shapes(example.inputs());
            String[] inputs = spec.signature().toString().split("->")[0].strip().split("\\s+");
            for (int i = 0; i < shapes.length; i++) {
                String[] symbols = inputs[i].equals("[...]") ? new String[] {"m", "n"}
                        : inputs[i].replaceAll("[\\[\\]]", "").split(",");
                for (int axis = 0; axis < symbols.length; axis++) {
                    Shape[] wrong = shapes.clone();
                    int[] dims = shapes[i].dims();
                    dims[axis]++;
                    wrong[i] = Shape.of(dims);
                    if (isSharedBetweenInputs(inputs, symbols[axis])) {
                        assertRefused(example.op(), wrong);
                    }
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> refusesAnotherRank() {
        return each(spec -> {
            OpCase example = example(spec);
            Shape[] shapes = shapes(example.inputs());
            boolean anyRank = spec.signature().toString().contains("...") || spec.name().matches("(sum|mean|max|l2_norm)_.*");
            if (!anyRank && !spec.name().equals("reshape")) {
                shapes[0] = Shape.of(2, shapes[0].dim(0), shapes[0].dim(1));
                assertRefused(example.op(), shapes);
            }
        });
    }

    private static boolean isSharedBetweenInputs(String[] inputs, String symbol) {
        return Arrays.stream(inputs).filter(input -> input.equals("[...]")
                || List.of(input.replaceAll("[\\[\\]]", "").split(",")).contains(symbol)).count() > 1;
    }

    private static void assertRefused(Op op, Shape... shapes) {
        String message = assertThrows(ShapeException.class, () -> op.resultShape(shapes),
                () -> op.name() + " took " + List.of(shapes)).getMessage();
        assertTrue(message.startsWith(op.name() + ": "), message);
        for (Shape shape : shapes) {
            assertTrue(message.contains(shape.toString()), message + " does not name " + shape);
        }
        assertTrue(message.lines().count() == 1, message);
    }

    // Extents that differ from each other, so that none agrees by chance.
    private static OpCase example(OpSpec spec) {
        int[] primes = {5, 7, 11, 13, 17};
        Map<String, Integer> extents = new HashMap<>();
        OpCase.symbols(spec).forEach(symbol -> extents.put(symbol, primes[extents.size()]));
        return OpCase.of(spec, extents);
    }

    private static Shape[] shapes(Tensor[] tensors) {
        return Arrays.stream(tensors).map(Tensor::shape).toArray(Shape[]::new);
    }

    private interface Check {
        void run(OpSpec spec);
    }

    private static Stream<DynamicTest> each(Check check) {
        return Ops.ALL.stream().map(spec -> DynamicTest.dynamicTest(spec.name(), () -> check.run(spec)));
    }
}
