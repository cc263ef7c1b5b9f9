package larch.gen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import larch.autodiff.Gradients;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.op.Op;
import larch.op.OpSpec;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;

/// An op from the registry with arguments of given sizes.
///
/// @param op     the op
/// @param inputs its arguments
/// @param label  name and sizes
public record OpCase(Op op, Tensor[] inputs, String label) {
    /// What an op computed.
    ///
    /// @param value     its result
    /// @param cotangent the cotangent chosen
    /// @param gradients of each argument
    public record Outcome(Tensor value, Tensor cotangent, Tensor[] gradients) {
    }

    /// @param spec    an op of the registry
    /// @param extents the value of every symbol
    /// @return the op with random arguments, the same each time
    public static OpCase of(OpSpec spec, Map<String, Integer> extents) {
        Draws draws = Rng.of(11).stream(spec.name() + extents).draws();
        return new OpCase(spec.make().apply(extents, draws), spec.sampleInputs(extents, draws), spec.name() + " " + extents);
    }

    /// @param spec an op of the registry
    /// @return the symbols of its signature; `m` and `n` for `[...]`
    public static Set<String> symbols(OpSpec spec) {
        Set<String> symbols = new LinkedHashSet<>();
        for (String symbol : spec.signature().toString().split("[^a-z.]+")) {
            if (symbol.equals("...")) {
                symbols.addAll(List.of("m", "n"));
            } else if (!symbol.isEmpty()) {
                symbols.add(symbol);
            }
        }
        return symbols;
    }

    /// Bindings that pair every size with several others, in place of all combinations.
    /// @param spec  an op of the registry
    /// @param sizes extents to try
    /// @return each size for all symbols at once, and then each symbol with the sizes in another order
    public static List<Map<String, Integer>> bindings(OpSpec spec, int... sizes) {
        List<Map<String, Integer>> bindings = new ArrayList<>();
        int count = sizes.length;
        for (int i = 0; i < count; i++) {
            Map<String, Integer> equal = new LinkedHashMap<>();
            Map<String, Integer> mixed = new LinkedHashMap<>();
            int step = 1;
            for (String symbol : symbols(spec)) {
                equal.put(symbol, sizes[i]);
                mixed.put(symbol, sizes[(i * step + step / 2) % count]);
                step += 2;
            }
            bindings.add(equal);
            bindings.add(mixed);
        }
        return bindings;
    }

    /// @param backend the kernels
    /// @return result and gradients, on the heap
    public Outcome run(Backend backend) {
        Tape tape = Tape.recording(backend);
        Var[] leaves = new Var[inputs.length];
        Arrays.setAll(leaves, i -> tape.variable("argument " + i, inputs[i]));
        Var out = tape.apply(op, leaves);
        Tensor cotangent = cotangentFor(out.value());
        Gradients gradients = tape.backward(out, cotangent);
        return new Outcome(out.value().copy(), cotangent,
                Arrays.stream(leaves).map(gradients::of).map(Tensor::copy).toArray(Tensor[]::new));
    }

    /// @return arguments with storage of their own
    public Tensor[] copyOfInputs() {
        return Arrays.stream(inputs).map(Tensor::copy).toArray(Tensor[]::new);
    }

    private static Tensor cotangentFor(Tensor out) {
        Tensor cotangent = Tensor.zeros(out.shape());
        Draws draws = Rng.of(12).stream("cotangent").draws();
        for (int i = 0; i < cotangent.size(); i++) {
            cotangent.data()[i] = (draws.nextInt(17) - 8) / 8f + 1 / 16f;
        }
        return cotangent;
    }

    @Override
    public String toString() {
        return label;
    }
}
