package larch.fncf.cli;

import picocli.CommandLine.Option;

/// `--seed`.
final class SeedOption {
    @Option(names = "--seed", paramLabel = "N",
            description = "Seed of everything random in this command (default: 1; of a given model, its own).")
    private Long seed;

    /// @param otherwise the seed if none was given
    /// @return the seed
    long orElse(long otherwise) {
        return seed == null ? otherwise : seed;
    }
}
