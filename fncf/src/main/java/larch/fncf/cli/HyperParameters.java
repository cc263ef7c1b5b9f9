package larch.fncf.cli;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import larch.fncf.data.NegativeOptions;
import larch.fncf.model.NoiseSite;
import larch.fncf.train.Method;
import larch.fncf.train.Stage;
import larch.fncf.train.TrainConfig;
import larch.optim.Adam;
import picocli.CommandLine.Option;

/// How a model is trained; the defaults are the paper's.
final class HyperParameters {
    private static final float USUAL_SIGMA = 0.05f;

    @Option(names = "--method", paramLabel = "NAME", defaultValue = "FNCF",
            description = "FNCF, FNCF-Distill, FNCF-Single, FNCF-Multi, or a control: FNCF-T1, FNCF-Student"
                    + " (default: ${DEFAULT-VALUE}).")
    private String method;

    @Option(names = "--epochs", paramLabel = "N", split = ",",
            description = "Passes over the training samples, one number for each stage of the method, such as 10,10,10"
                    + " for FNCF-Multi (default: the paper's).")
    private List<Integer> epochs = List.of();

    @Option(names = "--sigma", paramLabel = "S",
            description = "Standard deviation of the noise layers of FNCF-Single and FNCF-Multi (default: 0.05).")
    private Float sigma;

    @Option(names = "--sites", paramLabel = "SITE", split = ",",
            description = "Where noise layers stand: user-side, item-side, fc1, fc2, out (default: all).")
    private List<String> sites = List.of();

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "128",
            description = "Samples in one step (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(names = "--learning-rate", paramLabel = "LR", defaultValue = "0.001",
            description = "Adam's step width (default: ${DEFAULT-VALUE}).")
    private float learningRate;

    @Option(names = "--adam", paramLabel = "dense|lazy", defaultValue = "dense",
            description = "What embedding rows without a gradient do: move on as in dense Adam, or rest"
                    + " (default: ${DEFAULT-VALUE}).")
    private String adam;

    @Option(names = "--select", paramLabel = "last|val", defaultValue = "last",
            description = "Which epoch's weights are kept: the last one's, or the best on the validation items"
                    + " (default: ${DEFAULT-VALUE}).")
    private String select;

    @Option(names = "--negatives", paramLabel = "N",
            description = "Label-0 samples for each training pair, fresh in every epoch (default: 4).")
    private Integer negatives;

    /// @return the method with the wanted epochs
    Method method() {
        Method named = named("--method", method);
        return epochs.isEmpty() ? named : withEpochs(named, epochs);
    }

    /// @param option the option that names it
    /// @param name   a method's name, with or without `FNCF-`
    /// @return the method
    static Method named(String option, String name) {
        try {
            return Method.named(name);
        } catch (IllegalArgumentException _) {
            List<String> names = Method.ALL.stream().map(Method::name).toList();
            throw UserError.of(option, "expected one of " + String.join(", ", names) + ", got '" + name + "'"
                    + Suggest.forWord(name, names));
        }
    }

    /// @param method a method
    /// @param counts epochs of each of its stages
    /// @return the method with those
    static Method withEpochs(Method method, List<Integer> counts) {
        List<Stage> stages = method.stages();
        if (counts.size() != stages.size()) {
            throw UserError.of("--epochs", method.name() + " has " + stages.size() + " stage" + (stages.size() == 1 ? "" : "s")
                    + " (" + stages.stream().map(Stage::name).collect(Collectors.joining(", ")) + "); expected as many numbers"
                    + ", such as " + stages.stream().map(s -> Integer.toString(s.epochs())).collect(Collectors.joining(","))
                    + ", got " + counts.size());
        }
        counts.forEach(count -> UserError.atLeast("--epochs", count, 1));
        return method.withStages(IntStream.range(0, counts.size())
                .mapToObj(i -> stages.get(i).withEpochs(counts.get(i))).toList());
    }

    /// @param wanted the method
    /// @param data   where choices about negatives may be
    /// @return everything but the method
    TrainConfig config(Method wanted, DataOptionChoice data) {
        NegativeOptions sampled = data.negatives();
        if (negatives != null && data.countsNegatives()) {
            throw UserError.of("--negatives", "also given as neg.count; leave one of them out");
        }
        if (!wanted.isNoisy() && (sigma != null || !sites.isEmpty())) {
            throw UserError.of(sigma != null ? "--sigma" : "--sites", wanted.name() + " has no noise layers; leave it out, or"
                    + " choose --method FNCF-Single or FNCF-Multi");
        }
        float deviation = !wanted.isNoisy() ? 0 : sigma == null ? USUAL_SIGMA : sigma;
        Adam.Settings settings = UserError.guard("--learning-rate", () -> Adam.Settings.DEFAULT.withLearningRate(learningRate)
                .withRows(choice("--adam", adam, List.of(Adam.Rows.values()))));
        NegativeOptions drawn = negatives == null ? sampled
                : new NegativeOptions(UserError.atLeast("--negatives", negatives, 0), sampled.reject(), sampled.alpha());
        TrainConfig.Select kept = switch (select) {
            case "last" -> TrainConfig.Select.LAST;
            case "val" -> TrainConfig.Select.VALIDATION;
            default -> throw UserError.of("--select", "expected last or val, got '" + select + "'");
        };
        UserError.atLeast("--batch-size", batchSize, 1);
        return UserError.guard("--sigma", () -> new TrainConfig(batchSize, settings, drawn, deviation, noiseSites(), kept));
    }

    private Set<NoiseSite> noiseSites() {
        Set<NoiseSite> chosen = EnumSet.noneOf(NoiseSite.class);
        sites.forEach(site -> chosen.add(choice("--sites", site, Arrays.asList(NoiseSite.values()))));
        return chosen.isEmpty() ? EnumSet.allOf(NoiseSite.class) : chosen;
    }

    /// @param option    an option
    /// @param text      its value
    /// @param constants what it may be
    /// @return the constant with that name, in lower case and with hyphens
    static <E extends Enum<E>> E choice(String option, String text, List<E> constants) {
        List<String> names = constants.stream().map(c -> c.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
        int index = names.indexOf(text);
        if (index < 0) {
            throw UserError.of(option, "expected one of " + String.join(", ", names) + ", got '" + text + "'"
                    + Suggest.forWord(text, names));
        }
        return constants.get(index);
    }
}
