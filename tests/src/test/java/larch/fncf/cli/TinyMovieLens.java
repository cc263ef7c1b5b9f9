package larch.fncf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import larch.random.Draws;
import larch.random.Rng;

/// An invented data set in the files of MovieLens 1M, so small that an epoch takes no time. Women like comedies of
/// 1999, men like westerns of 1999, and little else, so the gender of a user decides which film is recommended.
final class TinyMovieLens {
    static final int USERS = 60;
    private static final int FILMS = 160;
    private static final int POPULAR = 16;
    private static final int POPULAR_RATINGS = 9;
    private static final int OTHER_RATINGS = 3;
    private static final int[] AGES = {1, 18, 25, 35, 45, 50, 56};

    private TinyMovieLens() {
    }

    /// @param folder where to write it
    /// @return the folder
    static Path write(Path folder) throws IOException {
        StringBuilder users = new StringBuilder();
        StringBuilder films = new StringBuilder();
        StringBuilder ratings = new StringBuilder();
        for (int film = 1; film <= FILMS; film++) {
            films.append(film).append("::Invented Film ").append(film)
                    .append(film <= POPULAR ? " (1999)::Comedy\n" : film <= 2 * POPULAR ? " (1999)::Western\n"
                            : " (" + (1930 + film % 40) + ")::Drama\n");
        }
        Draws draws = Rng.of(1).stream("tiny").draws();
        for (int user = 1; user <= USERS; user++) {
            users.append(user).append("::").append(user % 2 == 1 ? 'M' : 'F').append("::").append(AGES[user % AGES.length])
                    .append("::").append(user % 21).append("::12345\n");
            int first = user % 2 == 1 ? POPULAR + 1 : 1;
            int[] popular = IntStream.range(first, first + POPULAR).toArray();
            int[] others = IntStream.rangeClosed(2 * POPULAR + 1, FILMS).toArray();
            draws.shuffle(popular, 0, popular.length);
            draws.shuffle(others, 0, others.length);
            int[] choice = IntStream.concat(Arrays.stream(popular).limit(POPULAR_RATINGS),
                    Arrays.stream(others).limit(OTHER_RATINGS)).toArray();
            draws.shuffle(choice, 0, choice.length);
            for (int i = 0; i < choice.length; i++) {
                ratings.append(user).append("::").append(choice[i]).append("::").append(1 + i % 5).append("::")
                        .append(1_000_000 + i).append('\n');
            }
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("users.dat"), users, StandardCharsets.ISO_8859_1);
        Files.writeString(folder.resolve("movies.dat"), films, StandardCharsets.ISO_8859_1);
        Files.writeString(folder.resolve("ratings.dat"), ratings, StandardCharsets.ISO_8859_1);
        return folder;
    }
}
