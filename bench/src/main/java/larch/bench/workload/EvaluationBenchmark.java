package larch.bench.workload;

import java.util.Arrays;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.fncf.data.EvalCandidates;
import larch.fncf.eval.Evaluator;
import larch.fncf.model.Fncf;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `evaluate-candidates` and `rank-all-items`: ranks of all held-out items.
public class EvaluationBenchmark extends BenchmarkState {
    /// The name of the row with 100 candidates per user.
    public static final String CANDIDATES = "evaluate-candidates";
    /// The shape of that row.
    public static final String CANDIDATES_SHAPE = "users=6040,candidates=100";
    /// The name of the row with all items.
    public static final String ALL_ITEMS = "rank-all-items";
    /// The shape of that row.
    public static final String ALL_ITEMS_SHAPE = "users=6040,items=3706";
    private static final int VERIFIED_USERS = 32;

    /// Which of the two.
    @Param({CANDIDATES, ALL_ITEMS})
    public String name;
    /// How many users and candidates: fixed by the name.
    @Param("")
    public String shape;

    private SyntheticMovieLens data;
    private Fncf model;
    private EvalCandidates candidates;
    private int[] users;
    private Evaluator evaluator;

    /// For JMH.
    public EvaluationBenchmark() {
    }

    /// @param name the row's name
    /// @return pairs scored, with the folded network's flops
    public static Work work(String name) {
        double perUser = name.equals(CANDIDATES) ? 1 + EvalCandidates.DEFAULT_NEGATIVES : SyntheticMovieLens.ITEMS;
        return Work.network(SyntheticMovieLens.USERS * perUser, FncfFlops.folded(TrainingBenchmark.TEACHER_FACTORS));
    }

    /// Makes the data and compares the ranks of some users with the reference.
    @Setup(Level.Trial)
    public void setUp() {
        data = new SyntheticMovieLens();
        model = data.network(TrainingBenchmark.TEACHER_FACTORS, 1);
        candidates = EvalCandidates.draw(data.split(), EvalCandidates.Part.TEST, 1, EvalCandidates.DEFAULT_NEGATIVES);
        users = Evaluator.usersWithItem(candidates);
        Verify.holds(users.length == SyntheticMovieLens.USERS, name, "only " + users.length + " users have a held-out item");
        evaluator = new Evaluator(kernels());
        int[] some = Arrays.copyOf(users, VERIFIED_USERS);
        try (Backend reference = new ReferenceBackend()) {
            int[] expected = rank(new Evaluator(reference), some).ranks();
            int[] actual = rank(evaluator, some).ranks();
            for (int i = 0; i < some.length; i++) {
                // Scores that differ by rounding alone may change places.
                Verify.holds(Math.abs(expected[i] - actual[i]) <= 1, name, "user " + some[i] + " must have rank " + expected[i]
                        + ", got " + actual[i]);
            }
        }
    }

    /// @return the ranks
    @Benchmark
    public Evaluator.Result run() {
        return rank(evaluator, users);
    }

    private Evaluator.Result rank(Evaluator evaluator, int[] of) {
        return name.equals(CANDIDATES) ? evaluator.amongCandidates(model, candidates, of)
                : evaluator.amongAllItems(model, candidates, data.split(), of, _ -> {
                });
    }
}
