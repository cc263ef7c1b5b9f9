package larch.fncf.cli;

import picocli.CommandLine.Option;

/// `--quiet`.
final class QuietOption {
    @Option(names = {"-q", "--quiet"}, description = "No notes and no progress: only the result and errors.")
    private boolean quiet;

    void apply(Console console) {
        console.setQuiet(quiet);
    }
}
