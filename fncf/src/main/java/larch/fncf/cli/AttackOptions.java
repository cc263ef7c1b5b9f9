package larch.fncf.cli;

import java.util.Arrays;
import java.util.List;
import larch.fncf.attack.AttackConfig;
import larch.fncf.attack.AttackLoss;
import larch.fncf.attack.BoxMethod;
import picocli.CommandLine.Option;

/// How an attack searches.
final class AttackOptions {
    private static final String PAPER = "paper";
    private static final String STRONG = "strong";
    private static final String UNBOUNDED = "unbounded";
    private static final List<String> MODES = List.of(PAPER, STRONG, UNBOUNDED);
    private static final List<Float> GRID = List.of(1e-3f, 1e-2f, 0.1f, 1f, 10f, 100f);

    @Option(names = "--mode", paramLabel = "paper|strong|unbounded", defaultValue = STRONG,
            description = "paper: a fixed constant c and the tanh box, as in the paper; strong: projection, a search for c"
                    + " for each pair, restarts, perturbations shortened to the boundary; unbounded: the same with features"
                    + " of any value (default: ${DEFAULT-VALUE}).")
    private String mode;

    @Option(names = "--c", paramLabel = "C", split = ",",
            description = "Constants of the paper mode (default: 0.001,0.01,0.1,1,10,100).")
    private List<Float> constants = List.of();

    @Option(names = "--iterations", paramLabel = "N", description = "Gradient steps of each descent (default: 1000).")
    private Integer iterations;

    @Option(names = "--restarts", paramLabel = "N",
            description = "Descents from random starts besides the one from the clean features (default: 5; paper 0).")
    private Integer restarts;

    @Option(names = "--search-steps", paramLabel = "N",
            description = "Values of c that each pair tries, except in the paper mode (default: 9).")
    private Integer searchSteps;

    @Option(names = "--loss", paramLabel = "hinge|logit|probability",
            description = "The term that pulls the logit down (default: hinge).")
    private String loss;

    @Option(names = "--confidence", paramLabel = "K",
            description = "How far below 0 the logit must go while searching (default: 0).")
    private Float confidence;

    /// @return whether c is fixed
    boolean isPaper() {
        return mode.equals(PAPER);
    }

    String mode() {
        return mode;
    }

    /// @return the constants of the paper mode
    List<Float> constants() {
        List<Float> chosen = constants.isEmpty() ? GRID : constants;
        for (float c : chosen) {
            if (!(c > 0 && c < Float.POSITIVE_INFINITY)) {
                throw UserError.of("--c", "expected positive numbers, got " + c);
            }
        }
        return chosen;
    }

    /// @param seed of random starts
    /// @return the attack; in paper mode for the first constant
    AttackConfig config(long seed) {
        if (!MODES.contains(mode)) {
            throw UserError.of("--mode", "expected one of " + String.join(", ", MODES) + ", got '" + mode + "'"
                    + Suggest.forWord(mode, MODES));
        }
        if (!isPaper() && !constants.isEmpty()) {
            throw UserError.of("--c", "the mode " + mode + " searches c for each pair; leave it out, or use --mode paper");
        }
        if (isPaper() && searchSteps != null) {
            throw UserError.of("--search-steps", "the paper mode keeps c fixed; leave it out, or use --mode strong");
        }
        AttackConfig start = isPaper() ? AttackConfig.paper(constants().getFirst()) : AttackConfig.strong();
        AttackConfig.Builder builder = start.toBuilder().seed(seed);
        if (mode.equals(UNBOUNDED)) {
            builder.box(BoxMethod.NONE);
        }
        if (iterations != null) {
            builder.maxIterations(UserError.atLeast("--iterations", iterations, 1));
        }
        if (restarts != null) {
            builder.restarts(UserError.atLeast("--restarts", restarts, 0));
        }
        if (searchSteps != null) {
            builder.binarySearchSteps(UserError.atLeast("--search-steps", searchSteps, 1));
        }
        if (loss != null) {
            builder.loss(HyperParameters.choice("--loss", loss, Arrays.asList(AttackLoss.values())));
        }
        return UserError.guard("--confidence", () -> (confidence == null ? builder : builder.confidence(confidence)).build());
    }
}
