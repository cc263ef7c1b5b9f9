package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import larch.random.Draws;
import larch.random.Rng;
import org.junit.jupiter.api.Test;

class AliasTableTest {
    @Test
    void drawsInProportionToTheWeights() {
        double[][] cases = {{1}, {0, 1}, {1, 1, 1}, {5, 0, 3, 0.5, 0.001}, {1e-9, 1e9}, {0.1, 0.2, 0.3, 0.4, 0, 0}};
        for (double[] weights : cases) {
            AliasTable table = new AliasTable(weights);
            Draws draws = Rng.of(3).draws();
            int n = 40_000;
            int[] counts = new int[weights.length];
            for (int d = 0; d < n; d++) {
                counts[table.draw(draws)]++;
            }
            double total = 0;
            for (double weight : weights) {
                total += weight;
            }
            for (int i = 0; i < weights.length; i++) {
                double p = weights[i] / total;
                double tolerance = 5 * Math.sqrt(n * p * (1 - p)) + 1e-3;
                assertEquals(n * p, counts[i], tolerance, "index " + i);
                assertTrue(weights[i] > 0 || counts[i] == 0, "weight 0 is never drawn");
            }
        }
    }
}
