package larch.fncf.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import larch.backend.Backend;
import larch.fncf.attack.AttackConfig;
import larch.fncf.attack.AttackSummary;
import larch.fncf.attack.AttackTarget;
import larch.fncf.attack.BoxMethod;
import larch.fncf.attack.CarliniWagnerL2;
import larch.fncf.attack.FoldedAttackModel;
import larch.fncf.attack.HitPairs;
import larch.fncf.data.Dataset;
import larch.fncf.data.EvalCandidates;
import larch.fncf.eval.Evaluator;
import larch.fncf.model.Features;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;

/// The attacks on one model: every target, in paper mode for each constant, in strong mode, and in strong mode without the
/// box, always on the pairs that FNCF itself ranks among the first ten.
///
/// Strong mode does not break some pairs inside [0, 1]; that it breaks them without the box shows that the gradient leads
/// across the boundary, not that no features in the box would do.
final class AttackJob {
    private static final List<String> TARGETS = List.of("user", "user+item");
    private static final String PAPER = "paper";
    private static final String STRONG = "strong";
    private static final String UNBOUNDED = "unbounded";
    private static final long PROGRESS_STEPS = 1_000;

    /// One attack.
    ///
    /// @param target what the attacker changes
    /// @param mode   `paper`, `strong` or `unbounded`
    /// @param c      the fixed constant; null where it is searched
    record Plan(String target, String mode, Float c) {
        String name() {
            return target.replace('+', '-') + "-" + mode + (c == null ? "" : "-c" + c);
        }
    }

    /// Hears how far an attack has come.
    interface Progress {
        void at(long done, long total);
    }

    private final Backend backend;
    private final Dataset dataset;
    private final Features features;
    private final Profile profile;
    private final long seed;
    private final HitPairs pairs;

    AttackJob(Backend backend, Dataset dataset, Features features, EvalCandidates test, Fncf fncf, long seed, Profile profile) {
        this.backend = backend;
        this.dataset = dataset;
        this.features = features;
        this.profile = profile;
        this.seed = seed;
        this.pairs = HitPairs.of(new Evaluator(backend).amongCandidates(fncf, test), test, profile.maxPairs(), seed);
    }

    /// @return a hash of who is attacked
    String sha256() {
        return JobStore.key(Arrays.toString(pairs.users()), Arrays.toString(pairs.items()));
    }

    /// @param profile how much
    /// @return all attacks on one model, in order
    static List<Plan> plan(Profile profile) {
        List<Plan> plans = new ArrayList<>();
        for (String target : TARGETS) {
            profile.constants().forEach(c -> plans.add(new Plan(target, PAPER, c)));
            plans.add(new Plan(target, STRONG, null));
            plans.add(new Plan(target, UNBOUNDED, null));
        }
        return List.copyOf(plans);
    }

    Results.Attack run(Plan plan, Fncf model, Progress progress) {
        long start = System.nanoTime();
        FoldedAttackModel attacked = new FoldedAttackModel(new FoldedFncf(model, backend), pairs, backend);
        AttackTarget target = AttackTarget.parse(plan.target(), dataset.userFeatures(), dataset.itemFeatures());
        AttackSummary summary = CarliniWagnerL2.attack(backend, attacked.problem(features, target), config(plan),
                share -> progress.at(Math.round(share * PROGRESS_STEPS), PROGRESS_STEPS)).summary();
        return new Results.Attack(plan.target(), plan.mode(), plan.c(), summary.n(), number(summary.rawSuccess()),
                number(summary.trivial()), number(summary.conditionalSuccess()), number(summary.meanL2()), number(summary.medianL2()),
                number(summary.meanL2WithTrivial()), (System.nanoTime() - start) * 1e-9, config(plan));
    }

    /// @param plan an attack
    /// @return everything about it that is not in the code
    AttackConfig config(Plan plan) {
        if (plan.mode().equals(PAPER)) {
            return AttackConfig.paper(plan.c()).toBuilder().maxIterations(profile.paperIterations()).seed(seed).build();
        }
        return AttackConfig.strong().toBuilder()
                .box(plan.mode().equals(UNBOUNDED) ? BoxMethod.NONE : BoxMethod.PROJECT)
                .maxIterations(profile.strongIterations())
                .binarySearchSteps(profile.searchSteps()).restarts(profile.restarts()).seed(seed).build();
    }

    // JSON has no NaN: what does not exist is null.
    private static Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
