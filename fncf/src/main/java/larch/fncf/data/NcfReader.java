package larch.fncf.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Reads one data set in the layout of [NcfFormat].
final class NcfReader {
    private static final String LAYOUT = "user, item, rating[, timestamp], separated by tabs";
    private static final Pattern PAIR = Pattern.compile("\\((\\d{1,9}),(\\d{1,9})\\)");
    /// At one bit each, 1 GiB.
    private static final long MAX_PAIRS = 1L << 33;

    private final InteractionsBuilder interactions = new InteractionsBuilder();
    private final Set<Long> trainPairs = new HashSet<>();
    private final List<int[]> tests = new ArrayList<>();
    private int numUsers;
    private int numItems;
    private int repeated;
    private boolean timed = true;

    Dataset read(FileSource source, String prefix) {
        Sha256 hash = new Sha256();
        readTrain(open(source, hash, prefix + NcfFormat.TRAIN, LAYOUT, 3, 4));
        readTest(open(source, hash, prefix + NcfFormat.TEST, LAYOUT, 3, 4));
        int[][] negatives = readNegatives(open(source, hash, prefix + NcfFormat.NEGATIVE,
                "(user,item) and its negatives, separated by tabs", 2, Integer.MAX_VALUE), prefix + NcfFormat.TEST);
        if ((long) numUsers * numItems > MAX_PAIRS) {
            throw DataException.of(source.where(prefix + NcfFormat.TRAIN),
                    "ids that start at 0 and leave no large gaps", "user ids up to " + (numUsers - 1)
                    + " and item ids up to " + (numItems - 1), "renumber the ids");
        }
        int[] testItem = new int[numUsers];
        int[][] perUser = new int[numUsers][0];
        Arrays.fill(testItem, -1);
        for (int t = 0; t < tests.size(); t++) {
            testItem[tests.get(t)[0]] = tests.get(t)[1];
            perUser[tests.get(t)[0]] = negatives[t];
        }
        return new Dataset(prefix, note(), hash.hex(), interactions.build(numUsers, numItems),
                FeatureTable.none(numUsers), FeatureTable.none(numItems), List.of(), ids(numUsers), ids(numItems),
                Optional.of(new FixedTest(testItem, perUser)));
    }

    private static Rows open(FileSource source, Sha256 hash, String name, String layout, int min, int max) {
        byte[] bytes = source.read(name);
        hash.file(name, bytes);
        return new Rows(source.where(name), bytes, "\t", layout, min, max);
    }

    private void readTrain(Rows rows) {
        while (rows.next()) {
            int user = id(rows, 0, "user id");
            int item = id(rows, 1, "item id");
            if (trainPairs.add(pair(user, item))) {
                add(rows, user, item);
            } else {
                repeated++;
            }
        }
    }

    private void readTest(Rows rows) {
        Set<Integer> users = new HashSet<>();
        while (rows.next()) {
            int user = id(rows, 0, "user id");
            int item = id(rows, 1, "item id");
            if (!users.add(user)) {
                throw rows.error("one held-out item per user", "user " + user + " a second time",
                        "keep one of the two rows");
            }
            if (trainPairs.contains(pair(user, item))) {
                throw rows.error("a held-out item that is not in the training file", "user " + user + " and item "
                        + item + " in both", "remove the pair from the training file");
            }
            tests.add(new int[] {user, item});
            add(rows, user, item);
        }
    }

    private int[][] readNegatives(Rows rows, String testFile) {
        int[][] negatives = new int[tests.size()][];
        int line = 0;
        for (; rows.next(); line++) {
            Matcher pair = PAIR.matcher(rows.text(0));
            if (!pair.matches()) {
                throw rows.error("the pair (user,item) first", Rows.quoted(rows.text(0)), "correct the row");
            }
            String got = "(" + pair.group(1) + "," + pair.group(2) + ")";
            String wanted = line < tests.size() ? "(" + tests.get(line)[0] + "," + tests.get(line)[1] + ")" : "no row";
            if (!got.equals(wanted)) {
                throw rows.error(wanted + ", as in row " + (line + 1) + " of " + testFile, got,
                        "take the two files from one split");
            }
            negatives[line] = new int[rows.fields() - 1];
            for (int n = 0; n < negatives[line].length; n++) {
                negatives[line][n] = id(rows, n + 1, "negative item id");
                numItems = Math.max(numItems, negatives[line][n] + 1);
            }
        }
        if (line < tests.size()) {
            throw rows.error("a row for each of the " + tests.size() + " rows of " + testFile, line + " rows",
                    "take the two files from one split");
        }
        return negatives;
    }

    private void add(Rows rows, int user, int item) {
        timed &= rows.fields() == 4;
        long timestamp = rows.fields() == 4 ? rows.timestamp(3) : interactions.size();
        interactions.add(user, item, timestamp, rows.number(2, "rating"));
        numUsers = Math.max(numUsers, user + 1);
        numItems = Math.max(numItems, item + 1);
    }

    private String note() {
        List<String> notes = new ArrayList<>();
        if (!timed) {
            notes.add("there are rows without a timestamp: the row number stands for the time");
        }
        if (repeated > 0) {
            notes.add(repeated + " repeated rows of the training file are counted once");
        }
        return String.join("; ", notes);
    }

    private static int id(Rows rows, int field, String what) {
        return rows.integer(field, what, 0, Integer.MAX_VALUE - 1);
    }

    private static long pair(int user, int item) {
        return (long) user << Integer.SIZE | item;
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
