package larch.bench.workload;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.FeatureTable;
import larch.fncf.data.Field;
import larch.fncf.data.Interactions;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.data.Split;
import larch.fncf.model.Features;
import larch.fncf.model.Fncf;
import larch.fncf.model.FncfConfig;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.CsrMatrix;

/// Data of the sizes and the skew of MovieLens 1M, drawn from a fixed seed; nothing to download, nothing to learn.
///
/// 1,000,209 interactions of 6,040 users (at least 20 each, median about 100, most about 2,000) with 3,706 items whose
/// popularity falls exponentially (most about 1,300, median about 110); 30 user columns of which 3 are set (gender, age,
/// occupation), 18 genre columns of which 1 to 3 are set.
public final class SyntheticMovieLens {
    static final int USERS = 6_040;
    static final int ITEMS = 3_706;
    static final int INTERACTIONS = 1_000_209;
    static final int USER_FEATURES = 30;
    static final int ITEM_FEATURES = 18;

    private static final int FEWEST = 20;
    private static final int GENDERS = 2;
    private static final int AGES = 7;
    private static final int OCCUPATIONS = 21;
    /// The scale of the popularity: item x of all items in [0, 1) is chosen in proportion to `e^(-x/0.2)`.
    private static final double SKEW = 0.2;

    private final Dataset dataset;
    private final Split split;

    /// Draws the data.
    public SyntheticMovieLens() {
        Rng rng = Rng.of(1).stream("bench/movielens");
        FeatureTable users = users(rng.stream("users").draws());
        FeatureTable items = items(rng.stream("items").draws());
        dataset = new Dataset("synthetic ml-1m", "synthetic", "0".repeat(64), interactions(rng.stream("interactions").draws()),
                users, items, List.of(), labels(USERS), labels(ITEMS), Optional.empty());
        split = LeaveOneOut.split(dataset, DataOptions.defaults(), 1);
    }

    /// @return users, items and who met what
    public Dataset dataset() {
        return dataset;
    }

    /// @return the last two interactions of each user held out
    public Split split() {
        return split;
    }

    /// @param factors latent factor f
    /// @param seed    of the weights
    /// @return a new network for these data
    public Fncf network(int factors, long seed) {
        return new Fncf(new FncfConfig(USERS, ITEMS, USER_FEATURES, ITEM_FEATURES, factors), Features.of(dataset), Rng.of(seed));
    }

    private static List<String> labels(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static FeatureTable users(Draws draws) {
        int[] pointers = IntStream.rangeClosed(0, USERS).map(user -> 3 * user).toArray();
        int[] columns = new int[3 * USERS];
        for (int user = 0; user < USERS; user++) {
            columns[3 * user] = draws.nextInt(GENDERS);
            columns[3 * user + 1] = GENDERS + draws.nextInt(AGES);
            columns[3 * user + 2] = GENDERS + AGES + draws.nextInt(OCCUPATIONS);
        }
        List<Field> fields = List.of(
                new Field("gender", Field.Kind.ONE_HOT, 0, GENDERS, labels(GENDERS)),
                new Field("age", Field.Kind.ONE_HOT, GENDERS, GENDERS + AGES, labels(AGES)),
                new Field("occupation", Field.Kind.ONE_HOT, GENDERS + AGES, USER_FEATURES, labels(OCCUPATIONS)));
        return new FeatureTable(fields, new CsrMatrix(USERS, USER_FEATURES, pointers, columns, ones(columns.length)));
    }

    private static FeatureTable items(Draws draws) {
        int[] pointers = new int[ITEMS + 1];
        int[] columns = new int[3 * ITEMS];
        int size = 0;
        for (int item = 0; item < ITEMS; item++) {
            int genres = draws.nextInt(1 << ITEM_FEATURES);
            // Of 18 random bits the highest one to three stay.
            for (int left = 1 + draws.nextInt(3); left > 0 && genres != 0; left--) {
                columns[size++] = Integer.numberOfTrailingZeros(genres);
                genres &= genres - 1;
            }
            if (size == pointers[item]) {
                columns[size++] = 0;
            }
            pointers[item + 1] = size;
        }
        List<Field> fields = List.of(new Field("genre", Field.Kind.MULTI_HOT, 0, ITEM_FEATURES, labels(ITEM_FEATURES)));
        return new FeatureTable(fields, new CsrMatrix(ITEMS, ITEM_FEATURES, pointers, Arrays.copyOf(columns, size), ones(size)));
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Interactions interactions(Draws draws) {
        int[] activity = activity(draws);
        int[] byPopularity = IntStream.range(0, ITEMS).toArray();
        draws.shuffle(byPopularity, 0, ITEMS);
        int[] users = new int[INTERACTIONS];
        int[] items = new int[INTERACTIONS];
        BitSet met = new BitSet(ITEMS);
        int n = 0;
        for (int user = 0; user < USERS; user++) {
            met.clear();
            for (int k = 0; k < activity[user]; k++) {
                int item;
                do {
                    item = byPopularity[(int) (ITEMS * truncatedExponential(draws.nextDouble()))];
                } while (met.get(item));
                met.set(item);
                users[n] = user;
                items[n++] = item;
            }
        }
        float[] ratings = ones(INTERACTIONS);
        long[] timestamps = IntStream.range(0, INTERACTIONS).asLongStream().toArray();
        return new Interactions(USERS, ITEMS, users, items, timestamps, ratings);
    }

    /// Inverse distribution function of the density `e^(-x/0.2)` on [0, 1).
    private static double truncatedExponential(double u) {
        return -SKEW * Math.log1p(u * Math.expm1(-1 / SKEW));
    }

    /// How many interactions each user has: quantiles of a log-normal distribution cut to fit the sum, in random order.
    private static int[] activity(Draws draws) {
        double[] weights = new double[USERS];
        double sum = 0;
        for (int user = 0; user < USERS; user++) {
            // A logistic quantile is close to the normal one and has a formula.
            double quantile = (user + 0.5) / USERS;
            weights[user] = Math.pow(quantile / (1 - quantile), 0.6);
            sum += Math.min(weights[user], 30);
        }
        int[] activity = new int[USERS];
        int spare = INTERACTIONS;
        for (int user = 0; user < USERS; user++) {
            activity[user] = FEWEST + (int) ((INTERACTIONS - FEWEST * USERS) * Math.min(weights[user], 30) / sum);
            spare -= activity[user];
        }
        for (int user = 0; spare > 0; user = (user + 1) % USERS, spare--) {
            activity[user]++;
        }
        draws.shuffle(activity, 0, USERS);
        return activity;
    }
}
