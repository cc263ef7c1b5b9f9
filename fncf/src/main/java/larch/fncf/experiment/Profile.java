package larch.fncf.experiment;

import java.util.List;

/// How much of the experiment to run.
///
/// @param name             as on the command line
/// @param numFactors       latent factor of the teacher
/// @param epochScale       multiplies the epochs of every stage; 1 is the paper's
/// @param maxPairs         at most so many (user, item) hits are attacked
/// @param constants        fixed constants c of the paper's attack
/// @param paperIterations  iterations of the paper's attack
/// @param strongIterations iterations of each search step of the strong attack
/// @param searchSteps      search steps for c in the strong attack
/// @param restarts         random restarts of the strong attack
public record Profile(String name, int numFactors, double epochScale, int maxPairs, List<Float> constants,
                      int paperIterations, int strongIterations, int searchSteps, int restarts) {
    /// A look at everything in two minutes: smaller networks, fewer epochs, weaker attacks.
    public static final Profile QUICK = new Profile("quick", 32, 0.4, 200, List.of(0.1f, 1f, 10f), 300, 400, 9, 2);
    /// The paper's sizes and epochs, and its attack beside a strong one.
    public static final Profile PAPER = new Profile("paper", 64, 1, 1_000, List.of(1e-3f, 1e-2f, 0.1f, 1f, 10f, 100f),
            1_000, 1_000, 9, 5);

    /// @param name `quick` or `paper`
    /// @return the profile
    public static Profile named(String name) {
        return switch (name) {
            case "quick" -> QUICK;
            case "paper" -> PAPER;
            default -> throw new IllegalArgumentException("profile: expected quick or paper, got '" + name + "'");
        };
    }
}
