package larch.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The shapes an operation takes and gives, in symbols: `[m,k] [k,n] -> [m,n]`.
///
/// A symbol stands for one extent, the same wherever it occurs; a number stands for itself; `[]` is a scalar and `[...]`
/// any shape, the same wherever it occurs. Checks, error texts, docs and test generators all read this one line.
public final class Signature {
    private static final String ANY = "...";

    private final String text;
    private final List<String[]> inputs;
    private final String[] output;
    private final Map<String, Integer> fixed;

    private Signature(String text, List<String[]> inputs, String[] output, Map<String, Integer> fixed) {
        this.text = text;
        this.inputs = inputs;
        this.output = output;
        this.fixed = fixed;
    }

    /// @param text such as `[m,k] [k,n] -> [m,n]`
    /// @return the signature
    public static Signature parse(String text) {
        String[] sides = text.split("->");
        if (sides.length != 2) {
            throw new IllegalArgumentException("signature: expected 'inputs -> output', got '" + text + "'");
        }
        List<String[]> inputs = new ArrayList<>();
        for (String input : sides[0].strip().split("\\s+")) {
            inputs.add(symbols(input, text));
        }
        return new Signature(text, inputs, symbols(sides[1].strip(), text), Map.of());
    }

    private static String[] symbols(String shape, String text) {
        if (!shape.startsWith("[") || !shape.endsWith("]")) {
            throw new IllegalArgumentException("signature: expected shapes in brackets, got '" + text + "'");
        }
        String inside = shape.substring(1, shape.length() - 1);
        return inside.isEmpty() ? new String[0] : inside.split(",");
    }

    /// Fixes a symbol that an attribute of the operation determines, such as the number of gathered rows.
    /// @param symbol which
    /// @param extent its value
    /// @return this signature with the symbol bound
    public Signature with(String symbol, int extent) {
        Map<String, Integer> more = new HashMap<>(fixed);
        more.put(symbol, extent);
        return new Signature(text, inputs, output, more);
    }

    /// Checks the arguments' shapes.
    /// @param op     the operation's name, for errors
    /// @param shapes the arguments' shapes
    /// @return the result's shape
    public Shape resultShape(String op, Shape... shapes) {
        Map<String, Integer> bound = new HashMap<>(fixed);
        Map<String, String> boundBy = new HashMap<>();
        fixed.keySet().forEach(symbol -> boundBy.put(symbol, "the operation"));
        Shape any = null;
        if (shapes.length != inputs.size()) {
            throw fail(op, shapes, "takes " + inputs.size() + " arguments, not " + shapes.length);
        }
        for (int i = 0; i < shapes.length; i++) {
            String[] symbols = inputs.get(i);
            if (symbols.length == 1 && symbols[0].equals(ANY)) {
                if (any != null && !any.equals(shapes[i])) {
                    throw fail(op, shapes, "argument " + i + " must have the shape " + any);
                }
                any = shapes[i];
                continue;
            }
            if (symbols.length != shapes[i].rank()) {
                throw fail(op, shapes, "argument " + i + " must have rank " + symbols.length + ", not " + shapes[i].rank()
                        + "; reshape it");
            }
            for (int axis = 0; axis < symbols.length; axis++) {
                String symbol = symbols[axis];
                int extent = shapes[i].dim(axis);
                Integer expected = number(symbol) != null ? number(symbol) : bound.putIfAbsent(symbol, extent);
                if (expected != null && expected != extent) {
                    throw fail(op, shapes, symbol + " is " + expected + " in " + boundBy.getOrDefault(symbol, "the signature")
                            + " but " + extent + " in argument " + i);
                }
                boundBy.putIfAbsent(symbol, "argument " + i);
            }
        }
        if (output.length == 1 && output[0].equals(ANY)) {
            return any;
        }
        int[] dims = new int[output.length];
        for (int axis = 0; axis < dims.length; axis++) {
            Integer number = number(output[axis]);
            dims[axis] = number != null ? number : bound.get(output[axis]);
        }
        return Shape.of(dims);
    }

    /// The arguments' shapes for given extents; for generators of examples.
    /// @param extents the value of every symbol; `[...]` becomes `[m,n]`
    /// @return one shape for each argument
    public List<Shape> inputShapes(Map<String, Integer> extents) {
        List<Shape> shapes = new ArrayList<>();
        for (String[] symbols : inputs) {
            String[] names = symbols.length == 1 && symbols[0].equals(ANY) ? new String[] {"m", "n"} : symbols;
            int[] dims = new int[names.length];
            for (int axis = 0; axis < dims.length; axis++) {
                Integer number = number(names[axis]);
                dims[axis] = number != null ? number : extents.get(names[axis]);
            }
            shapes.add(Shape.of(dims));
        }
        return shapes;
    }

    private static Integer number(String symbol) {
        return Character.isDigit(symbol.charAt(0)) ? Integer.valueOf(symbol) : null;
    }

    private ShapeException fail(String op, Shape[] shapes, String why) {
        StringBuilder got = new StringBuilder();
        for (Shape shape : shapes) {
            got.append(' ').append(shape);
        }
        return new ShapeException(op + ": signature " + text + "; got" + got + ": " + why);
    }

    /// @return the line it was parsed from
    @Override
    public String toString() {
        return text;
    }
}
