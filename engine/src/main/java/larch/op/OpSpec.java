package larch.op;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import larch.random.Draws;
import larch.tensor.Shape;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// What the docs, the tests and the benchmarks need to know about an op beyond the op itself: from it follow a row in
/// `docs/ops.md`, value checks on every backend, a gradient check and a benchmark.
///
/// @param name      the op's name
/// @param formula   what it computes, as text
/// @param signature shapes in symbols
/// @param domains   where each argument is drawn from
/// @param make      the op for given extents of the symbols; the draws serve attributes such as indices
public record OpSpec(String name, String formula, Signature signature, List<Domain> domains,
                     BiFunction<Map<String, Integer>, Draws, Op> make) {
    /// An op whose attributes do not depend on sizes.
    /// @param op      the op
    /// @param formula what it computes, as text
    /// @param domains where each argument is drawn from
    /// @return its spec
    static OpSpec of(Op op, String formula, Domain... domains) {
        return new OpSpec(op.name(), formula, op.signature(), List.of(domains), (_, _) -> op);
    }

    /// An op that is made for given sizes.
    /// @param name      the op's name
    /// @param formula   what it computes, as text
    /// @param signature shapes in symbols
    /// @param make      the op for given extents
    /// @param domains   where each argument is drawn from
    /// @return its spec
    static OpSpec sized(String name, String formula, String signature,
                        BiFunction<Map<String, Integer>, Draws, Op> make, Domain... domains) {
        return new OpSpec(name, formula, Signature.parse(signature), List.of(domains), make);
    }

    /// @param extents the value of every symbol
    /// @param draws   where randomness comes from
    /// @return random arguments of the right shapes from the right domains
    public Tensor[] sampleInputs(Map<String, Integer> extents, Draws draws) {
        List<Shape> shapes = signature.inputShapes(extents);
        Tensor[] inputs = new Tensor[shapes.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = domains.get(i).sample(shapes.get(i), draws);
        }
        return inputs;
    }
}
