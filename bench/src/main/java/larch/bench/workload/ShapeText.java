package larch.bench.workload;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the shapes of rows, such as `128x64x256` and `table=6040x64,rows=128`.
final class ShapeText {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private ShapeText() {
    }

    /// The numbers in a shape that is written like a pattern.
    /// @param shape   the shape
    /// @param pattern the same with N for every number, such as `NxNxN`
    /// @return the numbers, from left to right, each at least 1
    static int[] numbers(String shape, String pattern) {
        Matcher matcher = NUMBER.matcher(shape);
        int[] numbers = matcher.results().mapToInt(r -> Integer.parseInt(r.group())).toArray();
        if (!matcher.replaceAll("N").equals(pattern) || Arrays.stream(numbers).anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("shape: expected " + pattern + " with N >= 1, got '" + shape + "'");
        }
        return numbers;
    }
}
