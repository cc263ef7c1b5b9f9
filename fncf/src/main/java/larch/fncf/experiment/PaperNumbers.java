package larch.fncf.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// The numbers of the paper's Tables III and IV.
public final class PaperNumbers {
    private final Map<String, Double> values = new TreeMap<>();

    /// Reads the table that is packed with the program.
    public PaperNumbers() {
        try (InputStream in = PaperNumbers.class.getResourceAsStream("paper-tables.tsv")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList()) {
                String[] cell = line.split("\t");
                values.put(key(cell[0], cell[1], cell[2], Float.parseFloat(cell[3])), Double.valueOf(cell[4]));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String key(String dataset, String method, String metric, float sigma) {
        return dataset + "|" + method + "|" + metric + "|" + sigma;
    }

    /// @param dataset `ml-100k` or `ml-1m`
    /// @param method  such as `FNCF-Multi`
    /// @param metric  `HR@10`, `NDCG@10`, `success_rate` or `L2_distortion`
    /// @param sigma   noise level
    /// @return the paper's value, if it has one
    public OptionalDouble find(String dataset, String method, String metric, float sigma) {
        Double value = values.get(key(dataset, method, metric, sigma));
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
