package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.model.Fncf;
import larch.fncf.model.ModelFile;
import larch.fncf.train.Method;
import larch.fncf.train.TrainConfig;
import larch.fncf.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch train`.
@Command(name = "train", description = "Train one model, evaluate it and write it to a file.", sortOptions = false,
        usageHelpWidth = 100, footerHeading = "%nExample:%n",
        footer = {"  ./larch train --data ml-100k --method FNCF --out out/fncf",
            "  ./larch train --data ml-100k --method FNCF-Multi --sigma 0.1 \\",
            "                --teacher out/fncf/model.safetensors --out out/multi"})
final class TrainCommand extends LarchCommand {
    private static final int PAPER_FACTORS = 64;

    @Mixin
    private DataChoice data;

    @Mixin
    private HyperParameters hyper;

    @Option(names = "--factors", paramLabel = "N",
            description = "Latent factor of the teacher; students have half (default: 64, or the given teacher's).")
    private Integer factors;

    @Option(names = "--teacher", paramLabel = "FILE",
            description = "A trained FNCF to learn from (default: one is trained first, if the method needs it).")
    private String teacherFile;

    @Option(names = "--teacher-epochs", paramLabel = "N",
            description = "Epochs of a teacher that is trained first (default: 20).")
    private Integer teacherEpochs;

    @Option(names = "--full", description = "Also rank every test item among all items that the user has not met.")
    private boolean full;

    @Mixin
    private DataOptionChoice dataOptions;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/train",
            description = "Folder for model.safetensors and train.json (default: ${DEFAULT-VALUE}).")
    private String out;

    @Mixin
    private SeedOption seed;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private JsonOption json;

    @Mixin
    private QuietOption quiet;

    TrainCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        quiet.apply(console());
        Method method = hyper.method();
        TrainConfig config = hyper.config(method, dataOptions);
        DataOptions options = dataOptions.options();
        refuseUnusedOptions(method);
        Path folder = OutputFile.path("--out", out);
        OutputFile.requireWritable("--out", folder);
        json.requireWritable();
        engine.compute(console(), backend -> {
            Dataset dataset = data.open(options, console());
            TrainingRun run = new TrainingRun(console(), backend, dataset, options, seed.orElse(1));
            if (config.select() == TrainConfig.Select.VALIDATION && !run.hasValidation()) {
                throw UserError.of("--select", "val needs validation items; use --data-option data.val=second-last");
            }
            // Refuses data in which somebody has every item, before a teacher is trained for nothing.
            UserError.guard("--data", () -> new TrainingEpoch(run.split(), config.negatives(), 0));
            Teacher teacher = teacher(run, method, config, dataset, options, folder);
            TrainedModel trained = run.train(method, config, teacher.factors(), teacher.model());
            Path file = folder.resolve("model.safetensors");
            ModelFile.save(file, trained.model(), trained.optimizerState(), run.metadata(method, config, trained));
            RankingReport ranking = RankingReport.of(console(), backend, trained.model(), run.testCandidates(),
                    full ? run.split() : null, null);
            report(folder, method, dataset, trained, ranking, run.metadata(method, config, trained));
        });
    }

    private void refuseUnusedOptions(Method method) {
        String unused = !method.needsTeacher() && teacherFile != null ? "--teacher"
                : teacherEpochs != null && (!method.needsTeacher() || teacherFile != null) ? "--teacher-epochs" : null;
        if (unused != null) {
            throw UserError.of(unused, method.needsTeacher() ? "the teacher is given, it is not trained; leave the option out"
                    : method.name() + " has no teacher; leave the option out, or choose another --method");
        }
        if (factors != null) {
            UserError.atLeast("--factors", factors, 1);
        }
    }

    /// Whom the model learns from.
    ///
    /// @param model   null for nobody
    /// @param factors its latent factor
    private record Teacher(Fncf model, int factors) {
    }

    private Teacher teacher(TrainingRun run, Method method, TrainConfig config, Dataset dataset, DataOptions options,
                            Path folder) throws IOException {
        int wanted = factors == null ? PAPER_FACTORS : factors;
        if (!method.needsTeacher()) {
            return new Teacher(null, wanted);
        }
        if (teacherFile != null) {
            Fncf model = TrainedFile.openOn("--teacher", teacherFile, dataset, run.features(), options, seed.orElse(1));
            int given = model.config().numFactors();
            if (factors != null && factors != given) {
                throw UserError.of("--factors", "the teacher " + teacherFile + " has " + given + ", got " + factors
                        + "; leave the option out");
            }
            return new Teacher(model, given);
        }
        Method fncf = teacherEpochs == null ? Method.FNCF : HyperParameters.withEpochs(Method.FNCF, List.of(teacherEpochs));
        console().note(method.name() + " needs a teacher: training FNCF first, epochs: " + fncf.epochs()
                + " (--teacher FILE takes one that is trained)");
        TrainConfig plain = config.withSigma(0);
        TrainedModel trained = run.train(fncf, plain, wanted, null);
        ModelFile.save(folder.resolve("teacher.safetensors"), trained.model(), trained.optimizerState(),
                run.metadata(fncf, plain, trained));
        return new Teacher(trained.model(), wanted);
    }

    private void report(Path folder, Method method, Dataset dataset, TrainedModel trained, RankingReport ranking,
                        Map<String, String> metadata) throws IOException {
        ObjectNode object = JsonOption.object("train");
        ObjectNode settings = object.putObject("settings");
        metadata.forEach(settings::put);
        object.put("factors", trained.model().config().numFactors());
        object.put("model", folder.resolve("model.safetensors").toString());
        TrainingRun.putLog(object, trained);
        ranking.putInto(object);
        OutputFile.write(folder.resolve("train.json"), object.toPrettyString() + "\n");
        String text = String.format(Locale.ROOT, "%s on %s, f=%d: %d epochs, %,.0f samples/s, %.1f s of training%n",
                method.name(), dataset.name(), trained.model().config().numFactors(), method.epochs(),
                trained.samplesPerSecond(), trained.trainSeconds());
        json.publish(console(), text + ranking.text() + "model: " + folder.resolve("model.safetensors") + "\n", object);
    }
}
