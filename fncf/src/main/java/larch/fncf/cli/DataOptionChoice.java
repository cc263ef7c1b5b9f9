package larch.fncf.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import larch.fncf.data.DataOptions;
import larch.fncf.data.NegativeOptions;
import picocli.CommandLine.Option;

/// `--data-option KEY=VALUE`: the choices about data that the paper leaves open.
final class DataOptionChoice {
    private static final String NAME = "--data-option";

    @Option(names = {"-o", NAME}, paramLabel = "KEY=VALUE",
            description = {"A choice about the data; may be repeated. The first value is the default:",
                "  data.items  rated, catalog",
                "  data.tie    last, first, random, item-asc, item-desc, popular, unpopular",
                "  data.val    second-last, random, none",
                "  feat.gender onehot2, binary",
                "  feat.age    bins7, scalar",
                "  feat.year   minmax, decade",
                "and where something is trained:",
                "  neg.count   4, or another number",
                "  neg.reject  train, none",
                "  neg.dist    uniform, pop^ALPHA"})
    private Map<String, String> choices = new LinkedHashMap<>();

    /// @return the choices about split and features
    DataOptions options() {
        DataOptions options = DataOptions.defaults();
        for (Map.Entry<String, String> choice : choices.entrySet()) {
            if (!isAboutNegatives(choice.getKey())) {
                DataOptions before = options;
                options = UserError.guard(NAME, () -> before.with(choice.getKey(), choice.getValue()));
            }
        }
        return options;
    }

    /// @return the choices about training negatives, `neg.count`, `neg.reject`, `neg.dist`
    NegativeOptions negatives() {
        NegativeOptions options = NegativeOptions.defaults();
        for (Map.Entry<String, String> choice : choices.entrySet()) {
            if (isAboutNegatives(choice.getKey())) {
                NegativeOptions before = options;
                options = UserError.guard(NAME, () -> before.with(choice.getKey(), choice.getValue()));
            }
        }
        return options;
    }

    /// @return whether the number of training negatives is chosen
    boolean countsNegatives() {
        return choices.containsKey("neg.count");
    }

    /// For commands that draw no negatives: a choice about them would do nothing.
    void refuseNegatives() {
        choices.keySet().stream().filter(DataOptionChoice::isAboutNegatives).findFirst().ifPresent(key -> {
            throw UserError.of(NAME, key + " is about training, and nothing is trained here");
        });
    }

    private static boolean isAboutNegatives(String key) {
        return key.startsWith("neg.");
    }
}
