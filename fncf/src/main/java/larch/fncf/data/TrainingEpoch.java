package larch.fncf.data;

import java.util.Arrays;
import larch.random.Draws;
import larch.random.Rng;

/// The samples of one pass over the training part: every pair with label 1 and, for each, fresh negatives
/// with label 0, all in random order (D7, D8, T6).
///
/// [#fill] computes the samples of an epoch from (seed, epoch) alone: an epoch is the same whether or not
/// others were filled before it, on every machine and with any number of threads. The arrays are reused: they
/// hold the latest filled epoch. Sample `s` is (`users()[s]`, `items()[s]`, `labels()[s]`); a batch is a
/// range of `s`. Not safe for use by several threads.
///
/// Streams: `epoch` and its number, then `negatives` and `order`.
public final class TrainingEpoch {
    private static final int USER_SHIFT = 32;
    private static final int SWAPS_AHEAD = 1_024;

    private final Split split;
    private final NegativeOptions options;
    private final Rng rng;
    private final AliasTable popularity;
    private final long[] samples;
    private final int[] users;
    private final int[] items;
    private final float[] labels;

    /// @param split   the training part
    /// @param options how to draw negatives
    /// @param seed    of all epochs
    public TrainingEpoch(Split split, NegativeOptions options, long seed) {
        this.split = split;
        this.options = options;
        this.rng = Rng.of(seed);
        int size = Math.multiplyExact(split.trainSize(), 1 + options.perPositive());
        double[] weights = Arrays.stream(split.trainPopularity()).mapToDouble(n -> Math.pow(n, options.alpha()))
                .toArray();
        if (options.reject() == NegativeOptions.Reject.TRAIN && options.perPositive() > 0) {
            requireNegatives(weights);
        }
        popularity = options.alpha() == 0 ? null : new AliasTable(weights);
        samples = new long[size];
        users = new int[size];
        items = new int[size];
        labels = new float[size];
    }

    /// Rejection never ends for a user who has every item that can be drawn.
    private void requireNegatives(double[] weights) {
        int checked = -1;
        for (int user : split.trainUsers()) {
            if (user == checked) {
                continue;
            }
            checked = user;
            int item = 0;
            while (item < weights.length && (weights[item] == 0 || split.seenInTrain(user, item))) {
                item++;
            }
            if (item == weights.length) {
                throw new IllegalArgumentException("training epoch: expected an item that user " + user
                        + " does not have in training and that can be drawn, got none; set neg.reject=none"
                        + (options.alpha() == 0 ? "" : " or neg.dist=uniform"));
            }
        }
    }

    /// Computes the samples of an epoch, in place of those that the arrays held.
    /// @param epoch which, from 0
    /// @return this
    public TrainingEpoch fill(int epoch) {
        Rng stream = rng.stream("epoch", epoch);
        drawNegatives(stream.stream("negatives").draws());
        shuffle(stream.stream("order").draws());
        for (int s = 0; s < samples.length; s++) {
            users[s] = (int) (samples[s] >>> USER_SHIFT);
            items[s] = (int) (samples[s] >>> 1) & Integer.MAX_VALUE;
            labels[s] = samples[s] & 1;
        }
        return this;
    }

    /// Lists each pair and its negatives, in file order.
    private void drawNegatives(Draws draws) {
        boolean reject = options.reject() == NegativeOptions.Reject.TRAIN;
        int numItems = split.numItems();
        int[] trainUsers = split.trainUsers();
        int[] trainItems = split.trainItems();
        int s = 0;
        for (int pair = 0; pair < trainUsers.length; pair++) {
            samples[s++] = pack(trainUsers[pair], trainItems[pair]) | 1;
            for (int k = 0; k < options.perPositive(); k++) {
                int item;
                do {
                    item = popularity == null ? draws.nextInt(numItems) : popularity.draw(draws);
                } while (reject && split.seenInTrain(trainUsers[pair], item));
                samples[s++] = pack(trainUsers[pair], item);
            }
        }
    }

    /// Bits 62…32 are the user, bits 31…1 the item, bit 0 the label: a swap then touches two cache lines, not
    /// six.
    private static long pack(int user, int item) {
        return (long) user << USER_SHIFT | (long) item << 1;
    }

    /// Fisher and Yates; Durstenfeld 1964. Places are drawn some at a time before any is touched, so that the processor
    /// waits for many of them at once.
    private void shuffle(Draws draws) {
        int[] chosen = new int[SWAPS_AHEAD];
        for (int n = samples.length; n > 1; ) {
            int count = Math.min(SWAPS_AHEAD, n - 1);
            for (int k = 0; k < count; k++) {
                chosen[k] = draws.nextInt(n - k);
            }
            for (int k = 0; k < count; k++, n--) {
                long sample = samples[n - 1];
                samples[n - 1] = samples[chosen[k]];
                samples[chosen[k]] = sample;
            }
        }
    }

    /// @return the number of samples: training pairs × (1 + negatives per positive)
    public int size() {
        return users.length;
    }

    /// @return the user of each sample; reused by [#fill], not to be written to
    public int[] users() {
        return users;
    }

    /// @return the item of each sample; reused by [#fill], not to be written to
    public int[] items() {
        return items;
    }

    /// @return the label of each sample, 1 or 0; reused by [#fill], not to be written to
    public float[] labels() {
        return labels;
    }
}
