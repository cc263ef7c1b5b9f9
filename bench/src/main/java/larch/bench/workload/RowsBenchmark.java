package larch.bench.workload;

import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.random.Draws;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `gather-rows` and `scatter-add-rows`: random rows of a table, shape `table=RxC,rows=N`.
public class RowsBenchmark extends BenchmarkState {
    /// The name of the row that reads.
    public static final String GATHER = "gather-rows";
    /// The name of the row that adds.
    public static final String SCATTER_ADD = "scatter-add-rows";
    private static final String PATTERN = "table=NxN,rows=N";

    /// Which of the two.
    @Param({GATHER, SCATTER_ADD})
    public String name;
    /// `table=RxC,rows=N`.
    @Param({"table=6040x64,rows=128", "table=6040x64,rows=8192"})
    public String shape;

    private Tensor table;
    private Tensor rows;
    private int[] indices;

    /// For JMH.
    public RowsBenchmark() {
    }

    /// @param name  the row's name
    /// @param shape `table=RxC,rows=N`
    /// @return each row read and written; added rows also read where they are added
    public static Work work(String name, String shape) {
        int[] numbers = ShapeText.numbers(shape, PATTERN);
        double size = (double) numbers[2] * numbers[1];
        return Work.movement(numbers[2], Float.BYTES * (name.equals(GATHER) ? 2 : 3) * size);
    }

    /// Makes the table and verifies one operation.
    @Setup(Level.Trial)
    public void setUp() {
        int[] numbers = ShapeText.numbers(shape, PATTERN);
        Draws draws = draws("rows");
        table = uniform(draws, numbers[0], numbers[1]);
        rows = uniform(draws, numbers[2], numbers[1]);
        indices = indices(draws, numbers[2], numbers[0]);
        try (Backend reference = new ReferenceBackend()) {
            Tensor expected = name.equals(GATHER) ? rows.copy() : table.copy();
            operate(reference, name.equals(GATHER) ? table : expected, name.equals(GATHER) ? expected : rows);
            Verify.close(name + " " + shape, expected, run(), 1e-5);
        }
    }

    /// @return what was written
    @Benchmark
    public Tensor run() {
        operate(kernels(), table, rows);
        return name.equals(GATHER) ? rows : table;
    }

    private void operate(Backend backend, Tensor from, Tensor to) {
        if (name.equals(GATHER)) {
            backend.gatherRows(from, indices, to);
        } else {
            backend.scatterAddRows(to, indices, from);
        }
    }
}
