package larch.fncf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import larch.fncf.data.DataOptions;
import larch.fncf.data.NegativeOptions;
import larch.fncf.experiment.Profile;
import larch.fncf.experiment.ReproduceListener;
import larch.fncf.experiment.ReproduceSpec;
import larch.fncf.experiment.Reproduction;
import larch.fncf.experiment.Results;
import larch.fncf.experiment.Table;
import larch.fncf.experiment.Tables;
import larch.fncf.train.Method;
import larch.fncf.train.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch reproduce`.
@Command(name = "reproduce", sortOptions = false, usageHelpWidth = 100,
        description = {"Run the paper's experiment: train all methods, attack each model, print tables.",
            "An interrupted run goes on where it stopped when it is started again with the same --out."},
        footerHeading = "%nExample:%n",
        footer = {"  ./larch reproduce", "  ./larch reproduce --data ml-100k --profile paper --seeds 5 --out out/ml-100k"})
final class ReproduceCommand extends LarchCommand {
    @Mixin
    private DataChoice data;

    @Option(names = "--profile", paramLabel = "quick|paper", defaultValue = "quick",
            description = "quick: smaller networks, fewer epochs, weaker attacks; paper: the paper's sizes and epochs"
                    + " (default: ${DEFAULT-VALUE}).")
    private String profile;

    @Option(names = "--methods", paramLabel = "NAME", split = ",",
            description = "FNCF, FNCF-Distill, FNCF-Single, FNCF-Multi and the controls FNCF-T1, FNCF-Student (default: all).")
    private List<String> methods = List.of();

    @Option(names = "--sigmas", paramLabel = "S", split = ",",
            description = "Noise levels of FNCF-Single and FNCF-Multi (default: quick 0,0.05; paper 0,0.01,0.05,0.1,0.2).")
    private List<Float> sigmas = List.of();

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "1",
            description = "How many seeds, counting up from --seed (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Mixin
    private DataOptionChoice dataOptions;

    @Option(names = "--out", paramLabel = "DIR",
            description = "Folder for results.json, tables and models (default: out/reproduce-DATA-PROFILE, and the data options that"
                    + " are not the usual ones).")
    private String out;

    @Mixin
    private SeedOption seed;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private JsonOption json;

    @Mixin
    private QuietOption quiet;

    ReproduceCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        quiet.apply(console());
        ReproduceSpec spec = spec();
        OutputFile.requireWritable("--out", spec.out());
        json.requireWritable();
        engine.compute(console(), backend -> {
            Results results;
            try (Jobs jobs = new Jobs(console())) {
                results = new Reproduction(backend, spec, jobs).run();
            }
            String tables = Tables.overview(results).stream().map(Table::toText).collect(Collectors.joining("\n"));
            json.publish(console(), tables + "\nresults: " + spec.out().resolve("results.json") + "\n", results);
        });
    }

    private ReproduceSpec spec() {
        Profile chosen = UserError.guard("--profile", () -> Profile.named(profile));
        List<Method> wanted = methods.isEmpty() ? Method.ALL
                : methods.stream().map(name -> HyperParameters.named("--methods", name)).distinct().toList();
        List<Float> levels = !sigmas.isEmpty() ? sigmas
                : chosen.equals(Profile.PAPER) ? List.of(0f, 0.01f, 0.05f, 0.1f, 0.2f) : List.of(0f, 0.05f);
        for (float sigma : levels) {
            if (!(sigma >= 0 && sigma < Float.POSITIVE_INFINITY)) {
                throw UserError.of("--sigmas", "expected finite numbers of at least 0, got " + sigma);
            }
        }
        if (!sigmas.isEmpty() && wanted.stream().noneMatch(Method::isNoisy)) {
            throw UserError.of("--sigmas", "none of the methods has noise layers; leave it out, or add FNCF-Single or FNCF-Multi");
        }
        UserError.atLeast("--seeds", seeds, 1);
        DataOptions options = dataOptions.options();
        String folder = out != null ? out : "out/reproduce-" + nameOfData() + "-" + chosen.name() + nameOfOptions(options);
        TrainConfig config = TrainConfig.PAPER.withNegatives(dataOptions.negatives());
        return new ReproduceSpec(data.name(), options, chosen, wanted, levels.stream().distinct().toList(), seed.orElse(1),
                seeds, config, OutputFile.path("--out", folder));
    }

    /// Another configuration has another folder.
    private String nameOfOptions(DataOptions options) {
        Map<String, String> usual = new HashMap<>(DataOptions.defaults().toMap());
        usual.putAll(NegativeOptions.defaults().toMap());
        Map<String, String> all = new LinkedHashMap<>(options.toMap());
        all.putAll(dataOptions.negatives().toMap());
        return all.entrySet().stream().filter(option -> !option.getValue().equals(usual.get(option.getKey())))
                .map(option -> "-" + (option.getKey() + "-" + option.getValue()).replaceAll("[^A-Za-z0-9]+", "-"))
                .collect(Collectors.joining());
    }

    private String nameOfData() {
        Path name = OutputFile.path("--data", data.name()).getFileName();
        return name == null ? "data" : name.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]+", "-");
    }

    /// Shows the jobs as they come and go.
    private static final class Jobs implements ReproduceListener, AutoCloseable {
        private final Console console;
        private int planned;
        private Progress progress;

        Jobs(Console console) {
            this.console = console;
        }

        @Override
        public void plan(int jobs) {
            planned = jobs;
        }

        @Override
        public void jobStarted(int index, String name) {
            close();
            progress = console.progress("[" + index + "/" + planned + "] " + name, "steps");
        }

        @Override
        public void progress(long done, long total) {
            progress.at(done, total);
        }

        @Override
        public void jobDone(String name, double seconds, boolean resumed) {
            close();
            console.note(String.format(Locale.ROOT, "%s: %s %.1f s", name, resumed ? "done by an earlier run in" : "done in",
                    seconds));
        }

        @Override
        public void message(String line) {
            console.note(line);
        }

        @Override
        public void close() {
            if (progress != null) {
                progress.close();
                progress = null;
            }
        }
    }
}
