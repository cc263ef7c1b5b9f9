package larch.fncf.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads MovieLens 1M as GroupLens ships it: `users.dat`, `movies.dat`, `ratings.dat`, from a folder or a
/// zip.
///
/// ```text
/// users.dat    UserID::Gender::Age::Occupation::Zip-code     1::F::1::10::48067
/// movies.dat   MovieID::Title (Year)::Genre|Genre            7::The Fourth Orchard (1987)::Drama|Romance
/// ratings.dat  UserID::MovieID::Rating::Timestamp            1::7::4::978300000
/// ```
///
/// Users keep the order of `users.dat`, items that of `movies.dat`. Layout and codes: the README of the data
/// set.
public final class MovieLens1M {
    static final List<String> FILES = List.of("users.dat", "movies.dat", "ratings.dat");
    static final List<String> GENRES = List.of("Action", "Adventure", "Animation", "Children's", "Comedy", "Crime",
            "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi",
            "Thriller", "War", "Western");
    static final List<String> OCCUPATIONS = List.of("other", "academic/educator", "artist", "clerical/admin",
            "college/grad student", "customer service", "doctor/health care", "executive/managerial", "farmer",
            "homemaker", "K-12 student", "lawyer", "programmer", "retired", "sales/marketing", "scientist",
            "self-employed", "technician/engineer", "tradesman/craftsman", "unemployed", "writer");
    /// The note of a data set whose `ratings.dat` holds placeholders.
    static final String RECONSTRUCTION = "ratings.dat is a reconstruction: all real (user, film) pairs in the real"
            + " order of each user, with placeholder ratings (every one is 5) and placeholder timestamps (ordinals)";
    private static final Pattern YEAR = Pattern.compile("\\((\\d{4})\\)$");
    private static final int MAX_STARS = 5;

    private MovieLens1M() { }

    /// @param path    a folder, or a zip with or without a top-level folder
    /// @param options how to encode the features, and which films are items
    /// @return the data set, named `ml-1m`; throws [DataException] on bad input
    public static Dataset read(Path path, DataOptions options) {
        return read("ml-1m", FileSource.open(path), options);
    }

    static Dataset read(String name, FileSource source, DataOptions options) {
        Sha256 hash = new Sha256();
        Profiles profiles = new Profiles(users(open(source, hash, 0, "UserID::Gender::Age::Occupation::Zip-code", 5)),
                films(open(source, hash, 1, "MovieID::Title::Genres", 3)), OCCUPATIONS, GENRES);
        Interactions ratings = new RatingsReader(profiles.userIndex(), profiles.filmIndex()).read(
                open(source, hash, 2, "UserID::MovieID::Rating::Timestamp", 4), FILES.get(0), FILES.get(1));
        String note = isReconstruction(ratings) ? RECONSTRUCTION : "";
        return MovieLensAssembly.assemble(name, note, hash.hex(), profiles, ratings, options);
    }

    private static Rows open(FileSource source, Sha256 hash, int file, String layout, int fields) {
        byte[] bytes = source.read(FILES.get(file));
        hash.file(FILES.get(file), bytes);
        return new Rows(source.where(FILES.get(file)), bytes, "::", layout, fields, fields);
    }

    private static List<Profiles.User> users(Rows rows) {
        List<Profiles.User> users = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        while (rows.next()) {
            String id = MovieLensAssembly.uniqueId(rows, "user", ids);
            boolean male = MovieLensAssembly.male(rows, 1);
            int age = rows.integer(2, "age code", 0, Integer.MAX_VALUE);
            int group = FeatureEncoder.ageGroup(age);
            if (FeatureEncoder.AGE_GROUPS[group] != age) {
                throw rows.error("one of the age codes 1, 18, 25, 35, 45, 50, 56", Rows.quoted(rows.text(2)),
                        "correct the row");
            }
            int occupation = rows.integer(3, "occupation code", 0, OCCUPATIONS.size() - 1);
            users.add(new Profiles.User(id, male, age, group, occupation));
        }
        return users;
    }

    private static List<Profiles.Film> films(Rows rows) {
        List<Profiles.Film> films = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        while (rows.next()) {
            String id = MovieLensAssembly.uniqueId(rows, "film", ids);
            Matcher year = YEAR.matcher(rows.text(1));
            if (!year.find()) {
                throw rows.error("a title that ends with the year in brackets", Rows.quoted(rows.text(1)),
                        "correct the row");
            }
            List<Integer> genres = new ArrayList<>();
            for (String genre : rows.text(2).split("\\|", -1)) {
                int index = GENRES.indexOf(genre);
                if (index < 0) {
                    throw rows.error("genres out of " + String.join(", ", GENRES), Rows.quoted(genre),
                            "correct the row");
                }
                genres.add(index);
            }
            films.add(new Profiles.Film(id, rows.text(1), Integer.parseInt(year.group(1)), genres));
        }
        return films;
    }

    /// Real ratings are not all 5, and no real user rates exactly once a second: both together give it away.
    private static boolean isReconstruction(Interactions ratings) {
        long[] latest = new long[ratings.numUsers()];
        boolean[] started = new boolean[ratings.numUsers()];
        boolean steps = false;
        for (int n = 0; n < ratings.size(); n++) {
            int user = ratings.users()[n];
            boolean ordinal = !started[user] || ratings.timestamps()[n] == latest[user] + 1;
            if (ratings.ratings()[n] != MAX_STARS || !ordinal) {
                return false;
            }
            steps |= started[user];
            started[user] = true;
            latest[user] = ratings.timestamps()[n];
        }
        return steps;
    }
}
