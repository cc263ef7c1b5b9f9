package larch.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureTest {
    private static final Signature MATMUL = Signature.parse("[m,k] [k,n] -> [m,n]");

    private static String refused(Signature signature, Shape... shapes) {
        return assertThrows(ShapeException.class, () -> signature.resultShape("op", shapes)).getMessage();
    }

    @Test
    void symbolsBindOnce() {
        assertEquals(Shape.of(2, 5), MATMUL.resultShape("op", Shape.of(2, 3), Shape.of(3, 5)));
        assertEquals("op: signature [m,k] [k,n] -> [m,n]; got [2,3] [4,5]: k is 3 in argument 0 but 4 in argument 1",
                refused(MATMUL, Shape.of(2, 3), Shape.of(4, 5)));
        assertEquals("op: signature [m,k] [k,n] -> [m,n]; got [2] [4,5]: argument 0 must have rank 2, not 1; reshape it",
                refused(MATMUL, Shape.of(2), Shape.of(4, 5)));
        assertEquals("op: signature [m,k] [k,n] -> [m,n]; got [2,3]: takes 2 arguments, not 1",
                refused(MATMUL, Shape.of(2, 3)));
    }

    @Test
    void numbersStandForThemselvesAndDotsForAnyShape() {
        Signature column = Signature.parse("[m,1] -> [m]");
        assertEquals(Shape.of(4), column.resultShape("op", Shape.of(4, 1)));
        assertEquals("op: signature [m,1] -> [m]; got [4,2]: 1 is 1 in the signature but 2 in argument 0",
                refused(column, Shape.of(4, 2)));
        Signature any = Signature.parse("[...] [...] -> [...]");
        assertEquals(Shape.of(1, 2, 3), any.resultShape("op", Shape.of(1, 2, 3), Shape.of(1, 2, 3)));
        assertEquals("op: signature [...] [...] -> [...]; got [1,2] [2,1]: argument 1 must have the shape [1,2]",
                refused(any, Shape.of(1, 2), Shape.of(2, 1)));
        assertEquals(Shape.SCALAR, Signature.parse("[...] -> []").resultShape("op", Shape.of(7)));
    }

    @Test
    void attributesBindSymbols() {
        Signature gather = Signature.parse("[r,n] -> [b,n]").with("b", 9);
        assertEquals(Shape.of(9, 4), gather.resultShape("op", Shape.of(5, 4)));
        assertEquals("op: signature [k,n] -> [m,n]; got [5,4]: k is 6 in the operation but 5 in argument 0",
                refused(Signature.parse("[k,n] -> [m,n]").with("k", 6), Shape.of(5, 4)));
    }

    @Test
    void givesExamplesForGenerators() {
        assertEquals(List.of(Shape.of(2, 3), Shape.of(3, 4)), MATMUL.inputShapes(Map.of("m", 2, "k", 3, "n", 4)));
        assertEquals(List.of(Shape.of(2, 4), Shape.of(2, 1), Shape.SCALAR),
                Signature.parse("[...] [m,1] [] -> []").inputShapes(Map.of("m", 2, "n", 4)));
        assertEquals("[m,k] [k,n] -> [m,n]", MATMUL.toString());
    }

    @Test
    void malformedTextIsRefused() {
        assertEquals("signature: expected 'inputs -> output', got '[m]'",
                assertThrows(IllegalArgumentException.class, () -> Signature.parse("[m]")).getMessage());
        assertEquals("signature: expected shapes in brackets, got 'm -> [m]'",
                assertThrows(IllegalArgumentException.class, () -> Signature.parse("m -> [m]")).getMessage());
    }
}
