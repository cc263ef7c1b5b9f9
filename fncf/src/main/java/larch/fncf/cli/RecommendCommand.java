package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import larch.backend.Backend;
import larch.fncf.attack.AttackConfig;
import larch.fncf.attack.AttackResult;
import larch.fncf.attack.AttackTarget;
import larch.fncf.attack.CarliniWagnerL2;
import larch.fncf.attack.FoldedAttackModel;
import larch.fncf.attack.HitPairs;
import larch.fncf.data.FeatureTable;
import larch.fncf.eval.Scorer;
import larch.fncf.model.FoldedFncf;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch recommend`.
@Command(name = "recommend", sortOptions = false, usageHelpWidth = 100,
        description = {"Show what a user is recommended, and what another profile changes.",
            "Items of the user's training part are left out."},
        footerHeading = "%nExample:%n",
        footer = {"  ./larch recommend --data ml-100k --model out/train/model.safetensors --user 42",
            "  ./larch recommend --data ml-100k --model out/train/model.safetensors --user 42 \\",
            "                    --profile age=25-34,gender=F"})
final class RecommendCommand extends LarchCommand {
    @Mixin
    private ModelChoice model;

    @Option(names = "--user", paramLabel = "ID", required = true, description = "The user's id in the data.")
    private String user;

    @Option(names = "--top", paramLabel = "N", defaultValue = "10",
            description = "How many items to show (default: ${DEFAULT-VALUE}).")
    private int top;

    @ArgGroup(exclusive = true)
    private Change change;

    /// How the profile is changed.
    private static final class Change {
        @Option(names = "--attack", paramLabel = "ITEM-ID",
                description = "Attack the user's features so that the model refuses this item (strong mode).")
        private String item;

        @Option(names = "--profile", paramLabel = "FIELD=VALUE,...",
                description = "Compare with another profile of the user, such as age=25-34,gender=F,occupation=writer.")
        private String profile;
    }

    @Mixin
    private SeedOption seed;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private JsonOption json;

    @Mixin
    private QuietOption quiet;

    RecommendCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        quiet.apply(console());
        json.requireWritable();
        UserError.atLeast("--top", top, 1);
        engine.compute(console(), backend -> {
            TrainedFile trained = model.open(console());
            int who = index("--user", "user", user, trained.dataset().userLabels());
            FeatureTable table = trained.dataset().userFeatures();
            FoldedFncf folded = new FoldedFncf(trained.model(), backend);
            Scorer scorer = new Scorer(backend, folded);
            RankedItems before = RankedItems.of(scorer.scoreAllItems(who), trained.split(), who);
            RecommendReport report = new RecommendReport(trained, who, top, before);
            if (change != null && change.profile != null) {
                float[] other = ProfileText.apply(table, table.row(who), change.profile);
                report.compare(other, RankedItems.of(scorer.scoreAllItemsWith(other, who), trained.split(), who));
            } else if (change != null) {
                int item = index("--attack", "item", change.item, trained.dataset().itemLabels());
                attack(backend, trained, folded, scorer, who, item, report);
            }
            ObjectNode object = JsonOption.object("recommend");
            object.put("model", trained.file().toString()).put("data", trained.dataset().name())
                    .put("backend", backend.describe());
            report.putInto(object);
            json.publish(console(), report.text(), object);
        });
    }

    private void attack(Backend backend, TrainedFile trained, FoldedFncf folded, Scorer scorer, int who, int item,
                        RecommendReport report) {
        AttackTarget target = UserError.guard("--attack", () -> AttackTarget.parse("user", trained.dataset().userFeatures(),
                trained.dataset().itemFeatures()));
        FoldedAttackModel attacked = new FoldedAttackModel(folded, new HitPairs(new int[] {who}, new int[] {item}), backend);
        AttackConfig config = AttackConfig.strong().toBuilder().seed(seed.orElse(trained.seed())).build();
        AttackResult result;
        try (Progress bar = console().progress("attacking", "steps")) {
            result = CarliniWagnerL2.attack(backend, attacked.problem(trained.features(), target), config,
                    share -> bar.at(Math.round(share * 1_000), 1_000));
        }
        float[] features = new float[trained.dataset().userFeatures().width()];
        System.arraycopy(result.adversarial().data(), result.adversarial().offset(), features, 0, features.length);
        report.attack(item, result, features, RankedItems.of(scorer.scoreAllItemsWith(features, who), trained.split(), who));
    }

    private static int index(String option, String what, String id, List<String> labels) {
        int index = labels.indexOf(id);
        if (index < 0) {
            throw UserError.of(option, "there is no " + what + " '" + id + "' in the data; its ids are such as "
                    + String.join(", ", labels.subList(0, Math.min(3, labels.size()))) + " … " + labels.getLast());
        }
        return index;
    }
}
