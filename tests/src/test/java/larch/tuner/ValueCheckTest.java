package larch.tuner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import larch.gemm.Gemm;
import larch.gemm.GemmNaive;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a check of values must see.
class ValueCheckTest {
    @ParameterizedTest
    @ValueSource(strings = {"nn 5x7x9", "nt 8x3x2", "tn 1x16x4", "tt 6x6x300"})
    void everyWrongElementIsFound(String text) {
        GemmShape shape = GemmShape.of(text);
        assertEquals(text, shape.toString());
        Gemm g = shape.product();
        GemmNaive.run(g);
        assertNull(ValueCheck.firstError(g));
        for (int at = 0; at < g.c().array().length; at++) {
            float right = g.c().array()[at];
            g.c().array()[at] = right + 1;
            String error = ValueCheck.firstError(g);
            assertNotNull(error, text);
            assertEquals("row " + at / shape.n() + " of C", error.substring(0, error.indexOf(" times")));
            g.c().array()[at] = Float.NaN;
            assertNotNull(ValueCheck.firstError(g));
            g.c().array()[at] = right;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nn 4x8x5", "nt 4x8x5"})
    void columnsThatChangedPlacesAreFound(String text) {
        Gemm g = GemmShape.of(text).product();
        GemmNaive.run(g);
        for (int i = 0; i < g.m(); i++) {
            float first = g.c().array()[i * g.ldc()];
            g.c().array()[i * g.ldc()] = g.c().array()[i * g.ldc() + 1];
            g.c().array()[i * g.ldc() + 1] = first;
        }
        assertNotNull(ValueCheck.firstError(g));
    }
}
