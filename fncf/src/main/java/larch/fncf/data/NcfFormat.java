package larch.fncf.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The files of the NCF family (He et al., WWW 2017, and the many repositories that took over their layout).
///
/// ```text
/// X.train.rating    user, item, rating[, timestamp], separated by tabs     0	32	4	978824330
/// X.test.rating     the same, one row per user: the held-out item          0	25	5	978824351
/// X.test.negative   (user,item) and its negatives, separated by tabs       (0,25)	1064	174	…
/// ```
///
/// Ids start at 0; the number of users (items) is the highest id of the three files plus one. There are no
/// features. The interactions are the training rows, then the test rows, in file order. Without timestamps
/// the row number stands for the time. A pair that is repeated in the training file counts once, as in NCF's
/// own reader, and the note says how many there were; a test pair that is also in the training file is an
/// error, because it leaks the answer.
public final class NcfFormat {
    static final String TRAIN = ".train.rating";
    static final String TEST = ".test.rating";
    static final String NEGATIVE = ".test.negative";

    private NcfFormat() { }

    /// @param path a folder or zip with one such data set, or the path of an `X.train.rating` file
    /// @return the data set, named `X`; throws [DataException] on bad input
    public static Dataset read(Path path) {
        String file = path.getFileName() == null ? "" : path.getFileName().toString();
        if (file.endsWith(TRAIN) && Files.isRegularFile(path)) {
            FileSource folder = FileSource.open(path.toAbsolutePath().getParent());
            return new NcfReader().read(folder, file.substring(0, file.length() - TRAIN.length()));
        }
        return read(FileSource.open(path), path.toString());
    }

    static Dataset read(FileSource source, String location) {
        List<String> prefixes = prefixes(source);
        if (prefixes.size() != 1) {
            throw DataException.of(location, "one file X" + TRAIN, prefixes.isEmpty() ? "none" : "those of "
                    + String.join(", ", prefixes), "give the path of the " + TRAIN + " file");
        }
        return new NcfReader().read(source, prefixes.getFirst());
    }

    static List<String> prefixes(FileSource source) {
        return source.names().stream().filter(name -> name.endsWith(TRAIN))
                .map(name -> name.substring(0, name.length() - TRAIN.length())).toList();
    }

    /// Writes a split so that any repository of the NCF family can train and test on the very same data. Ids
    /// are indices. The format has no validation part: ratings held out for validation are left out, so split
    /// with `data.val=none` to keep them in training. Users without a test item get no row in the test files.
    /// @param folder     created when needed
    /// @param name       the `X` of the file names
    /// @param split      what to train on and what to test on
    /// @param candidates the negatives of the test part of that split
    public static void write(Path folder, String name, Split split, EvalCandidates candidates) {
        if (candidates.part() != EvalCandidates.Part.TEST) {
            throw new IllegalArgumentException("NCF files: expected the candidates of the test part, got those of "
                    + candidates.part());
        }
        StringBuilder train = new StringBuilder();
        for (int row : split.trainRows()) {
            append(train, split.history(), row);
        }
        StringBuilder test = new StringBuilder();
        StringBuilder negative = new StringBuilder();
        for (int user = 0; user < split.numUsers(); user++) {
            if (split.testRow(user) < 0) {
                continue;
            }
            append(test, split.history(), split.testRow(user));
            negative.append('(').append(user).append(',').append(split.testItem(user)).append(')');
            for (int item : candidates.negatives(user)) {
                negative.append('\t').append(item);
            }
            negative.append('\n');
        }
        write(folder.resolve(name + TRAIN), train);
        write(folder.resolve(name + TEST), test);
        write(folder.resolve(name + NEGATIVE), negative);
    }

    private static void append(StringBuilder rows, Interactions all, int row) {
        float rating = all.ratings()[row];
        String text = rating == Math.rint(rating) ? String.format(Locale.ROOT, "%.0f", rating) : Float.toString(rating);
        rows.append(all.users()[row]).append('\t').append(all.items()[row]).append('\t').append(text).append('\t')
                .append(all.timestamps()[row]).append('\n');
    }

    private static void write(Path file, StringBuilder rows) {
        try {
            SafeFiles.write(file, temporary -> Files.writeString(temporary, rows, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw DataException.of(file.toString(), "a file that can be written", FolderSource.reason(e),
                    "check the folder and its permissions").causedBy(e);
        }
    }
}
