package larch.fncf.data;

import java.util.random.RandomGenerator;

/// Draws `i` with probability `weights[i] / Σ weights` at the cost of two random words.
///
/// Every column of the table holds 1/n of the probability: its own index up to a threshold, one other above.
/// Source: Walker, "An efficient method for generating discrete random variables with general distributions",
/// 1977, in the linear-time construction of Vose, 1991.
final class AliasTable {
    private final double[] threshold;
    private final int[] alias;

    /// @param weights not negative, at least one positive
    AliasTable(double[] weights) {
        int n = weights.length;
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        threshold = new double[n];
        alias = new int[n];
        int[] work = new int[n];
        int small = 0;
        int large = n;
        for (int i = 0; i < n; i++) {
            threshold[i] = weights[i] / total * n;
            alias[i] = i;
            if (threshold[i] < 1) {
                work[small++] = i;
            } else {
                work[--large] = i;
            }
        }
        while (small > 0 && large < n) {
            int under = work[--small];
            int over = work[large];
            alias[under] = over;
            threshold[over] -= 1 - threshold[under];
            if (threshold[over] < 1) {
                large++;
                work[small++] = over;
            }
        }
        // What is left over is 1 up to rounding, and is its own alias; only rounding can leave a weight of 0 here.
        int heaviest = 0;
        for (int i = 0; i < n; i++) {
            heaviest = weights[i] > weights[heaviest] ? i : heaviest;
        }
        while (small > 0) {
            int left = work[--small];
            alias[left] = weights[left] > 0 ? left : heaviest;
        }
    }

    int draw(RandomGenerator draws) {
        int column = draws.nextInt(threshold.length);
        return draws.nextDouble() < threshold[column] ? column : alias[column];
    }
}
