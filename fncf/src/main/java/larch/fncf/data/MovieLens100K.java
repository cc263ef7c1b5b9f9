package larch.fncf.data;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads MovieLens 100K as GroupLens ships it: `u.user`, `u.item`, `u.data`, from a folder or a zip.
///
/// ```text
/// u.user   id|age|gender|occupation|zip
/// u.item   id|title|release date|video release date|address|19 genre flags, 0 or 1
/// u.data   user, item, rating, timestamp, separated by tabs
/// ```
///
/// Users keep the order of `u.user`, items that of `u.item`. Ages are put into the seven groups of ML-1M. A
/// film without a release date is legal (there is one): its year becomes the mean.
public final class MovieLens100K {
    static final List<String> FILES = List.of("u.user", "u.item", "u.data");
    static final List<String> GENRES = List.of("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy",
            "Crime", "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance",
            "Sci-Fi", "Thriller", "War", "Western");
    static final List<String> OCCUPATIONS = List.of("administrator", "artist", "doctor", "educator", "engineer",
            "entertainment", "executive", "healthcare", "homemaker", "lawyer", "librarian", "marketing", "none",
            "other", "programmer", "retired", "salesman", "scientist", "student", "technician", "writer");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.ENGLISH);
    private static final int FIRST_FLAG = 5;
    private static final int MAX_AGE = 150;

    private MovieLens100K() { }

    /// @param path    a folder, or a zip with or without a top-level folder
    /// @param options how to encode the features, and which films are items
    /// @return the data set, named `ml-100k`; throws [DataException] on bad input
    public static Dataset read(Path path, DataOptions options) {
        return read(FileSource.open(path), options);
    }

    static Dataset read(FileSource source, DataOptions options) {
        Sha256 hash = new Sha256();
        Profiles profiles = new Profiles(users(open(source, hash, 0, "|", "id|age|gender|occupation|zip", 5)),
                films(open(source, hash, 1, "|", "id|title|release date|video release date|address|19 genre flags",
                        FIRST_FLAG + GENRES.size())), OCCUPATIONS, GENRES);
        Interactions ratings = new RatingsReader(profiles.userIndex(), profiles.filmIndex()).read(
                open(source, hash, 2, "\t", "user, item, rating, timestamp, separated by tabs", 4), FILES.get(0),
                FILES.get(1));
        return MovieLensAssembly.assemble("ml-100k", "", hash.hex(), profiles, ratings, options);
    }

    private static Rows open(FileSource source, Sha256 hash, int file, String separator, String layout, int fields) {
        byte[] bytes = source.read(FILES.get(file));
        hash.file(FILES.get(file), bytes);
        return new Rows(source.where(FILES.get(file)), bytes, separator, layout, fields, fields);
    }

    private static List<Profiles.User> users(Rows rows) {
        List<Profiles.User> users = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        while (rows.next()) {
            String id = MovieLensAssembly.uniqueId(rows, "user", ids);
            int age = rows.integer(1, "age", 1, MAX_AGE);
            boolean male = MovieLensAssembly.male(rows, 2);
            int occupation = OCCUPATIONS.indexOf(rows.text(3));
            if (occupation < 0) {
                throw rows.error("an occupation out of " + String.join(", ", OCCUPATIONS),
                        Rows.quoted(rows.text(3)), "correct the row");
            }
            users.add(new Profiles.User(id, male, age, FeatureEncoder.ageGroup(age), occupation));
        }
        return users;
    }

    private static List<Profiles.Film> films(Rows rows) {
        List<Profiles.Film> films = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        while (rows.next()) {
            String id = MovieLensAssembly.uniqueId(rows, "film", ids);
            List<Integer> genres = new ArrayList<>();
            for (int genre = 0; genre < GENRES.size(); genre++) {
                if (rows.integer(FIRST_FLAG + genre, "the flag of genre " + GENRES.get(genre), 0, 1) == 1) {
                    genres.add(genre);
                }
            }
            films.add(new Profiles.Film(id, rows.text(1), year(rows), genres));
        }
        return films;
    }

    private static int year(Rows rows) {
        String date = rows.text(2);
        if (date.isEmpty()) {
            return Profiles.NO_YEAR;
        }
        try {
            return LocalDate.parse(date, DATE).getYear();
        } catch (DateTimeException e) {
            throw rows.error("a release date such as 01-Jan-1995, or none", Rows.quoted(date), "correct the row")
                    .causedBy(e);
        }
    }
}
