package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import larch.fncf.data.EvalCandidates;
import larch.fncf.eval.Evaluator;
import larch.random.Rng;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch evaluate`.
@Command(name = "evaluate", description = "Rank the test items with a trained model: HR@10 and NDCG@10.", sortOptions = false,
        usageHelpWidth = 100, footerHeading = "%nExample:%n",
        footer = "  ./larch evaluate --data ml-100k --model out/train/model.safetensors --full")
final class EvaluateCommand extends LarchCommand {
    @Mixin
    private ModelChoice model;

    @Option(names = "--full", description = "Also rank among all items that the user has not met.")
    private boolean full;

    @Option(names = "--users", paramLabel = "N", description = "Only a random sample of so many users (default: all).")
    private Integer users;

    @Mixin
    private SeedOption seed;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private JsonOption json;

    @Mixin
    private QuietOption quiet;

    EvaluateCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        quiet.apply(console());
        json.requireWritable();
        if (users != null) {
            UserError.atLeast("--users", users, 1);
        }
        engine.compute(console(), backend -> {
            TrainedFile trained = model.open(console());
            long drawn = seed.orElse(trained.seed());
            EvalCandidates test = trained.testCandidates(drawn);
            RankingReport ranking = RankingReport.of(console(), backend, trained.model(), test, full ? trained.split() : null,
                    sample(Evaluator.usersWithItem(test), drawn));
            ObjectNode object = JsonOption.object("evaluate");
            object.put("model", trained.file().toString()).put("data", trained.dataset().name()).put("seed", drawn)
                    .put("backend", backend.describe());
            ranking.putInto(object);
            json.publish(console(), trained.describe() + "\n" + ranking.text(), object);
        });
    }

    private int[] sample(int[] all, long drawn) {
        if (users == null || users >= all.length) {
            return all;
        }
        int[] chosen = all.clone();
        Rng.of(drawn).stream("evaluate/users").draws().shuffle(chosen, 0, chosen.length);
        chosen = Arrays.copyOf(chosen, users);
        Arrays.sort(chosen);
        return chosen;
    }
}
