package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.data.NcfFormat;
import larch.fncf.data.Split;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch data export`.
@Command(name = "export", sortOptions = false, usageHelpWidth = 100,
        description = {"Write split and test candidates as NCF files, for other programs.",
            "NAME.train.rating, NAME.test.rating and NAME.test.negative have no validation part: what is held out for it is "
                + "left out; --data-option data.val=none keeps it in training."},
        footerHeading = "%nExample:%n", footer = "  ./larch data export --data ml-100k --out out/ncf")
final class DataExportCommand extends LarchCommand {
    @Mixin
    private DataChoice data;

    @Mixin
    private DataOptionChoice dataOptions;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the files.")
    private String out;

    @Mixin
    private SeedOption seed;

    @Mixin
    private JsonOption json;

    DataExportCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        dataOptions.refuseNegatives();
        DataOptions options = dataOptions.options();
        Path folder = OutputFile.path("--out", out);
        OutputFile.requireWritable("--out", folder);
        json.requireWritable();
        Dataset dataset = data.open(options, console());
        Split split = LeaveOneOut.split(dataset, options, seed.orElse(1));
        EvalCandidates test = EvalCandidates.of(dataset, split, EvalCandidates.Part.TEST, seed.orElse(1));
        NcfFormat.write(folder, dataset.name(), split, test);
        ObjectNode object = JsonOption.object("data export");
        object.put("name", dataset.name()).put("folder", folder.toString()).put("candidates_sha256", test.sha256());
        json.publish(console(), "wrote " + folder.resolve(dataset.name()) + ".{train.rating,test.rating,test.negative}\n",
                object);
    }
}
