package larch.fncf.attack;

import java.util.Arrays;
import java.util.stream.IntStream;

/// An attack in a line of a table, with trivial successes told apart.
///
/// Many of a recommender's hits have `f ≤ 0.5` before anything is done to them (a third of FNCF's on MovieLens 100K);
/// counted as successes they raise the rate, and their zeros lower the mean distortion. NaN stands for a mean over
/// nothing. Du et al., Table IV, shows `rawSuccess` and a mean distortion without saying which.
///
/// @param n                   pairs
/// @param trivial             share of the pairs with a clean logit at or below 0
/// @param rawSuccess          share of all pairs with `f(x') ≤ 0.5`, trivial ones included
/// @param conditionalSuccess  share of the non-trivial pairs with a success
/// @param meanL2              mean distortion of the non-trivial successes
/// @param medianL2            their median
/// @param meanL2WithTrivial   mean distortion of all successes, zeros of the trivial ones included
/// @param medianL2WithTrivial their median
public record AttackSummary(int n, double trivial, double rawSuccess, double conditionalSuccess, double meanL2, double medianL2,
                            double meanL2WithTrivial, double medianL2WithTrivial) {
    /// @param result an attack
    /// @return its summary
    public static AttackSummary of(AttackResult result) {
        int n = result.size();
        double[] all = distortions(result, true);
        double[] found = distortions(result, false);
        int trivial = all.length - found.length;
        return new AttackSummary(n, (double) trivial / n, (double) all.length / n, (double) found.length / (n - trivial),
                mean(found), median(found), mean(all), median(all));
    }

    private static double[] distortions(AttackResult result, boolean withTrivial) {
        return IntStream.range(0, result.size()).filter(i -> result.success()[i] && (withTrivial || !result.isTrivial(i)))
                .mapToDouble(i -> result.distortion()[i]).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length == 0 ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
