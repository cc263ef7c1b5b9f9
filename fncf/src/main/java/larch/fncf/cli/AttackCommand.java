package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import larch.backend.Backend;
import larch.fncf.attack.AttackConfig;
import larch.fncf.attack.AttackProblem;
import larch.fncf.attack.AttackProgress;
import larch.fncf.attack.AttackResult;
import larch.fncf.attack.AttackTarget;
import larch.fncf.attack.CarliniWagnerL2;
import larch.fncf.attack.FixedConstantGrid;
import larch.fncf.attack.FoldedAttackModel;
import larch.fncf.attack.HitPairs;
import larch.fncf.data.EvalCandidates;
import larch.fncf.eval.Evaluator;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch attack`.
@Command(name = "attack", sortOptions = false, usageHelpWidth = 100,
        description = {"Find small changes of features that make a model refuse its hits.",
            "Carlini and Wagner's attack; success means that the predicted probability f is at most 0.5."},
        footerHeading = "%nExample:%n",
        footer = {"  ./larch attack --data ml-100k --model out/multi/model.safetensors \\",
            "                 --hits-of out/fncf/model.safetensors --target user+item"})
final class AttackCommand extends LarchCommand {
    private static final long PROGRESS_STEPS = 1_000;

    @Mixin
    private ModelChoice model;

    @Option(names = "--target", paramLabel = "WHAT", defaultValue = "user",
            description = "What the attacker changes: user, item, a field such as age or genre, or several joined by +"
                    + " (default: ${DEFAULT-VALUE}).")
    private String target;

    @Option(names = "--pairs", paramLabel = "N", defaultValue = "1000",
            description = "Attack at most so many pairs, a random sample of the hits (default: ${DEFAULT-VALUE}).")
    private int pairs;

    @Option(names = "--hits-of", paramLabel = "FILE",
            description = "Attack the hits of this model instead of the model's own, so that several models are compared on"
                    + " the same pairs, as in the paper.")
    private String hitsOf;

    @Mixin
    private AttackOptions how;

    @Mixin
    private SeedOption seed;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private JsonOption json;

    @Mixin
    private QuietOption quiet;

    AttackCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        quiet.apply(console());
        json.requireWritable();
        how.config(0);
        UserError.atLeast("--pairs", pairs, 1);
        engine.compute(console(), backend -> {
            TrainedFile trained = model.open(console());
            long drawn = seed.orElse(trained.seed());
            AttackTarget columns = UserError.guard("--target", () -> AttackTarget.parse(target,
                    trained.dataset().userFeatures(), trained.dataset().itemFeatures()));
            HitPairs attacked = hits(backend, trained, drawn);
            FoldedAttackModel folded = new FoldedAttackModel(new FoldedFncf(trained.model(), backend), attacked, backend);
            AttackProblem problem = folded.problem(trained.features(), columns);
            List<AttackResult> results = attack(backend, problem, how.config(drawn));
            AttackReport report = new AttackReport(trained, attacked, problem, how, results);
            ObjectNode object = JsonOption.object("attack");
            object.put("model", trained.file().toString()).put("data", trained.dataset().name()).put("seed", drawn)
                    .put("backend", backend.describe()).put("target", target).put("mode", how.mode());
            report.putInto(object);
            json.publish(console(), report.text(target), object);
        });
    }

    private HitPairs hits(Backend backend, TrainedFile trained, long drawn) {
        EvalCandidates test = trained.testCandidates(drawn);
        Fncf ranker = hitsOf == null ? trained.model() : trained.other("--hits-of", hitsOf);
        HitPairs hits = HitPairs.of(new Evaluator(backend).amongCandidates(ranker, test), test, pairs, drawn);
        if (hits.size() == 0) {
            throw new Failure("attack: no test item is among the first ten of its candidates, so there is nothing to attack;"
                    + " train the model longer");
        }
        return hits;
    }

    private List<AttackResult> attack(Backend backend, AttackProblem problem, AttackConfig config) {
        try (Progress bar = console().progress("attacking " + problem.size() + " pairs", "steps")) {
            AttackProgress progress = share -> bar.at(Math.round(share * PROGRESS_STEPS), PROGRESS_STEPS);
            if (!how.isPaper()) {
                return List.of(CarliniWagnerL2.attack(backend, problem, config, progress));
            }
            float[] constants = new float[how.constants().size()];
            for (int k = 0; k < constants.length; k++) {
                constants[k] = how.constants().get(k);
            }
            return FixedConstantGrid.attack(backend, problem, config, constants, progress);
        }
    }
}
