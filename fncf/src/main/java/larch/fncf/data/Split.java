package larch.fncf.data;

import java.util.Arrays;

/// The history, cut into a training part and at most one validation and one test item per user; immutable.
///
/// Made by [LeaveOneOut]. Arrays that are returned are shared, not copied: they must not be written to.
public final class Split {
    private final Interactions history;
    private final int[] trainRows;
    private final int[] trainUsers;
    private final int[] trainItems;
    private final int[] validationRow;
    private final int[] testRow;
    private final int[] trainPopularity;
    private final PairSet inTrain;
    private final PairSet inHistory;

    /// @param history       all rows
    /// @param validationRow per user the row that is held out for validation, -1 for none
    /// @param testRow       per user the row that is held out for testing, -1 for none
    Split(Interactions history, int[] validationRow, int[] testRow) {
        this.history = history;
        this.validationRow = validationRow;
        this.testRow = testRow;
        inTrain = new PairSet(history.numUsers(), history.numItems());
        inHistory = new PairSet(history.numUsers(), history.numItems());
        int[] rows = new int[history.size()];
        int size = 0;
        for (int n = 0; n < rows.length; n++) {
            int user = history.users()[n];
            inHistory.add(user, history.items()[n]);
            if (n != validationRow[user] && n != testRow[user]) {
                inTrain.add(user, history.items()[n]);
                rows[size++] = n;
            }
        }
        trainRows = Arrays.copyOf(rows, size);
        trainUsers = Arrays.stream(trainRows).map(n -> history.users()[n]).toArray();
        trainItems = Arrays.stream(trainRows).map(n -> history.items()[n]).toArray();
        trainPopularity = Interactions.count(trainItems, history.numItems());
    }

    /// @return the number of users, with and without held-out items
    public int numUsers() {
        return history.numUsers();
    }

    /// @return the number of items
    public int numItems() {
        return history.numItems();
    }

    /// @return the number of training pairs
    public int trainSize() {
        return trainRows.length;
    }

    /// @return the user of each training pair, in file order
    public int[] trainUsers() {
        return trainUsers;
    }

    /// @return the item of each training pair, in file order
    public int[] trainItems() {
        return trainItems;
    }

    /// @return the row in the interactions of each training pair, rising
    public int[] trainRows() {
        return trainRows;
    }

    /// @return how often each item occurs in the training part
    public int[] trainPopularity() {
        return trainPopularity;
    }

    /// @param user a user
    /// @return the item held out for validation, -1 for none
    public int validationItem(int user) {
        return validationRow[user] < 0 ? -1 : history.items()[validationRow[user]];
    }

    /// @param user a user
    /// @return the item held out for testing, -1 for none
    public int testItem(int user) {
        return testRow[user] < 0 ? -1 : history.items()[testRow[user]];
    }

    /// @param user a user
    /// @return the row of the test item in the interactions, -1 for none
    public int testRow(int user) {
        return testRow[user];
    }

    /// @param user a user
    /// @param item an item
    /// @return whether the pair is in the training part
    public boolean seenInTrain(int user, int item) {
        return inTrain.contains(user, item);
    }

    /// @param user a user
    /// @param item an item
    /// @return whether the pair is in the whole history: training, validation or test
    public boolean seen(int user, int item) {
        return inHistory.contains(user, item);
    }

    /// @param user a user
    /// @return how many items the whole history of the user has
    public int seenCount(int user) {
        return inHistory.countOf(user);
    }

    /// @return all rows that were split
    public Interactions history() {
        return history;
    }
}
