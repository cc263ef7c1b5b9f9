package larch.fncf.data;

import larch.random.Draws;
import larch.random.Rng;

/// The hidden truth behind [EmbeddedData]: who would like what.
///
/// Users and films have K latent factors, each coordinate of variance about 1:
///
/// ```text
/// p_u = √s · (A[gender] + A[age group] + A[occupation]) / √3  +  √(1−s) · n_u
/// q_i = √s · (Σ_g B[g] / √genres + C · year) / √2             +  √(1−s) · n_i
/// preference(u, i) = taste · p_u·q_i / √K  +  skew · b_i
/// ```
///
/// Here s is the share of the features and b_i the appeal of a film to everybody. Features explain a part of
/// the taste and identity the rest, so a model needs both. All of `A B C n b` are standard normal. Only sums,
/// products and square roots are used: the same bits on every machine.
final class EmbeddedTastes {
    private static final int FACTORS = 6;
    private static final double FEATURE_SHARE = 0.6;
    private static final double TASTE = 3.4;
    private static final double SKEW = 1.0;

    private final Rng rng;
    private final double[][] users;
    private final double[][] films;
    private final double[] appeal;

    EmbeddedTastes(Rng rng, Profiles profiles) {
        this.rng = rng;
        double[][] gender = vectors("gender", 2);
        double[][] age = vectors("age", FeatureEncoder.AGE_GROUPS.length);
        double[][] occupation = vectors("occupation", profiles.occupations().size());
        users = vectors("user", profiles.users().size());
        for (int u = 0; u < users.length; u++) {
            Profiles.User user = profiles.users().get(u);
            double[] common = new double[FACTORS];
            add(common, gender[user.male() ? 1 : 0], 1);
            add(common, age[user.ageGroup()], 1);
            add(common, occupation[user.occupation()], 1);
            mix(users[u], common, Math.sqrt(3));
        }
        double[][] genre = vectors("genre", profiles.genres().size());
        double[] year = vectors("year", 1)[0];
        films = vectors("film", profiles.films().size());
        for (int i = 0; i < films.length; i++) {
            Profiles.Film film = profiles.films().get(i);
            double[] common = new double[FACTORS];
            for (int g : film.genres()) {
                add(common, genre[g], 1 / Math.sqrt(film.genres().size()));
            }
            add(common, year, (film.year() - EmbeddedData.MEAN_YEAR) / EmbeddedData.YEAR_SPREAD);
            mix(films[i], common, Math.sqrt(2));
        }
        Draws draws = rng.stream("appeal").draws();
        appeal = new double[films.length];
        for (int i = 0; i < films.length; i++) {
            appeal[i] = draws.nextNormal();
        }
    }

    double preference(int user, int film) {
        double dot = 0;
        for (int k = 0; k < FACTORS; k++) {
            dot += users[user][k] * films[film][k];
        }
        return TASTE * dot / Math.sqrt(FACTORS) + SKEW * appeal[film];
    }

    private double[][] vectors(String name, int count) {
        Draws draws = rng.stream(name).draws();
        double[][] vectors = new double[count][FACTORS];
        for (double[] vector : vectors) {
            for (int k = 0; k < FACTORS; k++) {
                vector[k] = draws.nextNormal();
            }
        }
        return vectors;
    }

    private static void add(double[] sum, double[] vector, double factor) {
        for (int k = 0; k < FACTORS; k++) {
            sum[k] += factor * vector[k];
        }
    }

    private static void mix(double[] own, double[] common, double deviation) {
        for (int k = 0; k < FACTORS; k++) {
            own[k] = Math.sqrt(1 - FEATURE_SHARE) * own[k] + Math.sqrt(FEATURE_SHARE) * common[k] / deviation;
        }
    }
}
