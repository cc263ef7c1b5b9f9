package larch.fncf.cli;

import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.Datasets;
import picocli.CommandLine.Option;

/// `--data`.
final class DataChoice {
    @Option(names = "--data", paramLabel = "DATA", defaultValue = Datasets.EMBEDDED,
            description = "embedded (generated, needs no download), ml-100k or ml-1m (after `larch data fetch`), or a folder"
                    + " or zip with MovieLens or NCF files (default: ${DEFAULT-VALUE}).")
    private String data;

    /// @return the name or the path
    String name() {
        return data;
    }

    /// @param options how to encode it
    /// @param console hears what must be known about it
    /// @return the data set
    Dataset open(DataOptions options, Console console) {
        OutputFile.path("--data", data);
        Dataset dataset = Datasets.open(data, options);
        if (!dataset.note().isEmpty()) {
            console.note("note: " + dataset.note());
        }
        return dataset;
    }
}
