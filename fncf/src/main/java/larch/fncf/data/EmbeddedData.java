package larch.fncf.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import larch.random.Draws;
import larch.random.Rng;

/// A small data set that needs no download: generated in memory from a fixed seed, never stored.
///
/// It has the files, fields and codes of MovieLens 1M but nothing of its content: 400 invented users, 500
/// invented films, about 22,000 ratings, at least 20 a user, in chronological order. Each user picks films by
/// Gumbel top-k over the true preference of [EmbeddedTastes], so that features and identity both matter and
/// popularity is skewed; rates them by preference; and sees them in random order.
///
/// With 99 negatives per held-out film, the true preference reaches an HR@10 above 0.75 and popularity stays
/// below 0.45, so there is room for a model to show what it learned. Results on this data say nothing about
/// MovieLens.
public final class EmbeddedData {
    static final double MEAN_YEAR = 1978;
    static final double YEAR_SPREAD = 20;
    private static final int NEWEST_YEAR = 2000;
    private static final int YEARS = 70;
    private static final long SEED = 1958;
    private static final int USERS = 400;
    private static final int FILMS = 500;
    private static final int MIN_RATINGS = 20;
    private static final int MAX_RATINGS = 200;
    private static final int MAX_GENRES = 3;
    private static final long FIRST_TIMESTAMP = 1_600_000_000;
    private static final int SECONDS_PER_YEAR = 31_536_000;
    private static final String NOTE = "generated data: invented users, films and tastes, nothing of MovieLens";
    private static final String[] ADJECTIVES = {"Silent", "Amber", "Crooked", "Distant", "Velvet", "Hollow", "Paper",
        "Burning", "Seventh", "Borrowed", "Frozen", "Patient", "Copper", "Wandering", "Hidden", "Broken", "Gentle",
        "Northern", "Invisible", "Restless", "Golden", "Second", "Narrow", "Electric", "Forgotten"};
    private static final String[] NOUNS = {"Orchard", "Lantern", "Harbour", "Clockmaker", "Bridge", "Letter", "Garden",
        "Witness", "Violin", "Island", "Tailor", "Comet", "Staircase", "Winter", "Passenger", "Mirror", "Kingdom",
        "Detective", "Carousel", "Railway", "Lighthouse", "Promise", "Compass", "Balcony", "Falcon"};

    private final Profiles profiles;
    private final EmbeddedTastes tastes;
    private final FileSource.InMemory files;

    private EmbeddedData(Rng rng) {
        profiles = new Profiles(users(rng.stream("users").draws()), films(rng.stream("films").draws()),
                MovieLens1M.OCCUPATIONS, MovieLens1M.GENRES);
        tastes = new EmbeddedTastes(rng.stream("tastes"), profiles);
        files = new FileSource.InMemory(Datasets.EMBEDDED, Map.of("users.dat", bytes(userRows()),
                "movies.dat", bytes(filmRows()), "ratings.dat", bytes(ratingRows(rng))));
    }

    /// @return the data, the same on every call and every machine
    public static EmbeddedData generate() {
        return new EmbeddedData(Rng.of(SEED).stream("embedded-data"));
    }

    /// @param options how to encode the features, and which films are items
    /// @return the data set, read from the generated files like any other
    public Dataset dataset(DataOptions options) {
        return MovieLens1M.read(Datasets.EMBEDDED, files, options).withNote(NOTE);
    }

    /// How much a user would like a film, before chance: the score that no model can beat on average. Every
    /// film is rated, so item indices are the same for all options.
    /// @param user index of a user
    /// @param item index of an item
    /// @return the true preference; only its order within one user means something
    public double preference(int user, int item) {
        return tastes.preference(user, item);
    }

    private static List<Profiles.User> users(Draws draws) {
        int[] codes = FeatureEncoder.AGE_GROUPS;
        List<Profiles.User> users = new ArrayList<>();
        for (int u = 1; u <= USERS; u++) {
            boolean male = draws.nextInt(100) < 65;
            // The mean of two draws, so that the middle age groups are the largest.
            int group = (draws.nextInt(codes.length) + draws.nextInt(codes.length)) / 2;
            int occupation = draws.nextInt(MovieLens1M.OCCUPATIONS.size());
            users.add(new Profiles.User(Integer.toString(u), male, codes[group], group, occupation));
        }
        return users;
    }

    private static List<Profiles.Film> films(Draws draws) {
        int[] titles = new int[ADJECTIVES.length * NOUNS.length];
        Arrays.setAll(titles, t -> t);
        draws.shuffle(titles, 0, titles.length);
        List<Profiles.Film> films = new ArrayList<>();
        for (int i = 1; i <= FILMS; i++) {
            double back = draws.nextDouble();
            int year = NEWEST_YEAR - (int) (back * back * YEARS);
            TreeSet<Integer> genres = new TreeSet<>();
            int count = 1 + draws.nextInt(MAX_GENRES);
            while (genres.size() < count) {
                genres.add(draws.nextInt(MovieLens1M.GENRES.size()));
            }
            int title = titles[i];
            films.add(new Profiles.Film(Integer.toString(i), "The " + ADJECTIVES[title / NOUNS.length] + " "
                    + NOUNS[title % NOUNS.length] + " (" + year + ")", year, List.copyOf(genres)));
        }
        return films;
    }

    private StringBuilder userRows() {
        StringBuilder rows = new StringBuilder();
        for (Profiles.User user : profiles.users()) {
            rows.append(user.id()).append(user.male() ? "::M::" : "::F::").append(user.age()).append("::")
                    .append(user.occupation()).append("::00000\n");
        }
        return rows;
    }

    private StringBuilder filmRows() {
        StringBuilder rows = new StringBuilder();
        for (Profiles.Film film : profiles.films()) {
            List<String> genres = film.genres().stream().map(MovieLens1M.GENRES::get).toList();
            rows.append(film.id()).append("::").append(film.title()).append("::").append(String.join("|", genres))
                    .append('\n');
        }
        return rows;
    }

    private StringBuilder ratingRows(Rng rng) {
        StringBuilder rows = new StringBuilder();
        for (int user = 0; user < USERS; user++) {
            Draws draws = rng.stream("ratings", user).draws();
            double wish = StrictMath.exp(3.2 + 0.8 * draws.nextNormal());
            int count = (int) Math.min(MAX_RATINGS, MIN_RATINGS + wish);
            int[] chosen = choose(user, count, draws);
            int[] stars = stars(user, chosen, draws);
            int[] order = new int[count];
            Arrays.setAll(order, n -> n);
            draws.shuffle(order, 0, count);
            long timestamp = FIRST_TIMESTAMP + draws.nextInt(SECONDS_PER_YEAR);
            for (int n : order) {
                // One film in ten opens a new evening; within an evening ratings follow at a click's distance.
                timestamp += draws.nextInt(10) == 0 ? 86_400 + draws.nextInt(20 * 86_400) : draws.nextInt(90);
                rows.append(user + 1).append("::").append(chosen[n] + 1).append("::").append(stars[n]).append("::")
                        .append(timestamp).append('\n');
            }
        }
        return rows;
    }

    /// Gumbel top-k: the films with the highest preference + Gumbel noise, a sample without replacement in
    /// proportion to exp(preference). Source: Vieira, "Gumbel-max trick and weighted reservoir sampling",
    /// 2014.
    private int[] choose(int user, int count, Draws draws) {
        double[] score = new double[FILMS];
        for (int film = 0; film < FILMS; film++) {
            double uniform = (draws.nextInt(1 << 24) + 0.5) * 0x1p-24;
            score[film] = tastes.preference(user, film) - StrictMath.log(-StrictMath.log(uniform));
        }
        List<Integer> films = new ArrayList<>();
        for (int film = 0; film < FILMS; film++) {
            films.add(film);
        }
        films.sort(Comparator.comparingDouble(film -> -score[film]));
        return films.subList(0, count).stream().mapToInt(film -> film).toArray();
    }

    /// Stars by the rank of the film among those that the user chose, one up or down by chance.
    private int[] stars(int user, int[] chosen, Draws draws) {
        int[] stars = new int[chosen.length];
        for (int n = 0; n < chosen.length; n++) {
            int better = 0;
            for (int other : chosen) {
                better += tastes.preference(user, other) > tastes.preference(user, chosen[n]) ? 1 : 0;
            }
            stars[n] = Math.clamp(5L - 4L * better / chosen.length + draws.nextInt(3) - 1, 1, 5);
        }
        return stars;
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
