package larch.op;

import java.util.List;
import java.util.stream.Stream;

/// Every op of the engine. Tests, benchmarks and `docs/ops.md` walk this list; an op that is missing here fails
/// `OpsAreRegisteredTest`.
public final class Ops {
    /// All ops, each with at least one example of its attributes.
    public static final List<OpSpec> ALL = Stream.of(
            Elementwise.ROWS,
            MatMul.SPECS,
            Reduce.SPECS,
            Softmax.SPECS,
            LogSoftmax.SPECS,
            BinaryCrossEntropy.SPECS,
            SoftmaxCrossEntropy.SPECS,
            MeanSquaredError.SPECS,
            GatherRows.SPECS,
            SparseMatMul.SPECS,
            Concat.SPECS,
            Slice.SPECS,
            Reshape.SPECS,
            TransposeMatrix.SPECS,
            GaussianNoise.SPECS,
            Dropout.SPECS).flatMap(List::stream).toList();

    private Ops() {
    }
}
