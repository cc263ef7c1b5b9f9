package larch.fncf.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// What the two MovieLens readers share: the checks of a profile row and the last step to a [Dataset].
final class MovieLensAssembly {
    private MovieLensAssembly() { }

    static String uniqueId(Rows rows, String what, Set<String> ids) {
        String id = rows.text(0);
        rows.integer(0, what + " id", 1, Integer.MAX_VALUE);
        if (!ids.add(id)) {
            throw rows.error("each " + what + " id once", what + " " + id + " a second time",
                    "keep one of the two rows");
        }
        return id;
    }

    static boolean male(Rows rows, int field) {
        String gender = rows.text(field);
        if (!gender.equals("M") && !gender.equals("F")) {
            throw rows.error("gender M or F", Rows.quoted(gender), "correct the row");
        }
        return gender.equals("M");
    }

    static Dataset assemble(String name, String note, String sha256, Profiles profiles, Interactions ratings,
            DataOptions options) {
        List<Integer> kept = new ArrayList<>();
        Interactions interactions = ratings;
        if (options.items() == DataOptions.Items.RATED) {
            interactions = RatingsReader.ratedOnly(ratings, kept);
        } else {
            IntStream.range(0, profiles.films().size()).forEach(kept::add);
        }
        List<Profiles.Film> films = kept.stream().map(profiles.films()::get).toList();
        return new Dataset(name, note, sha256, interactions, FeatureEncoder.users(profiles, options),
                FeatureEncoder.items(profiles, kept, options), films.stream().map(Profiles.Film::title).toList(),
                profiles.users().stream().map(Profiles.User::id).toList(),
                films.stream().map(Profiles.Film::id).toList(), Optional.empty());
    }
}
