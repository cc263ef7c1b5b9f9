package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import larch.fncf.data.DataFetcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `larch data fetch`.
@Command(name = "fetch", sortOptions = false, usageHelpWidth = 100,
        description = {"Download MovieLens from GroupLens into the cache, under GroupLens' own licence.",
            "LARCH_CACHE names another cache folder, LARCH_DATA_URL a mirror; LARCH_OFFLINE=1 forbids the network."},
        footerHeading = "%nExample:%n", footer = "  ./larch data fetch ml-100k")
final class DataFetchCommand extends LarchCommand {
    @Parameters(paramLabel = "NAME", description = "ml-100k or ml-1m.")
    private String name;

    @Option(names = "--refresh", description = "Download it again, even if a good copy is there.")
    private boolean refresh;

    @Mixin
    private JsonOption json;

    @Mixin
    private QuietOption quiet;

    DataFetchCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        quiet.apply(console());
        json.requireWritable();
        Path file;
        try (Progress progress = console().progress("fetching " + name, "bytes")) {
            file = DataFetcher.fromEnvironment(console()::note)
                    .fetch(name, new DataFetcher.Options(refresh, progress::at));
        }
        ObjectNode object = JsonOption.object("data fetch");
        object.put("name", name).put("file", file.toString());
        json.publish(console(), file + "\n", object);
    }
}
