package larch.tuning;

import java.nio.file.Path;

/// Which tuned numbers a user wants.
public sealed interface TuningChoice {
    /// Those that `./larch tune` found on this machine, if it has run; else those that ship with Larch.
    record Auto() implements TuningChoice {
    }

    /// Those that ship with Larch.
    record Shipped() implements TuningChoice {
    }

    /// Those of a file, which must be this machine's.
    ///
    /// @param path the file
    record File(Path path) implements TuningChoice {
    }

    /// @param text `auto`, `shipped` or the path of a file
    /// @return the choice
    static TuningChoice of(String text) {
        return switch (text) {
            case "auto" -> new Auto();
            case "shipped" -> new Shipped();
            default -> new File(Path.of(text));
        };
    }
}
