package larch.fncf.data;

import java.util.Arrays;

/// Collects rows of [Interactions] whose number is not known beforehand.
final class InteractionsBuilder {
    private static final int FIRST_CAPACITY = 1 << 14;
    private int size;
    private int[] users = new int[FIRST_CAPACITY];
    private int[] items = new int[FIRST_CAPACITY];
    private long[] timestamps = new long[FIRST_CAPACITY];
    private float[] ratings = new float[FIRST_CAPACITY];

    void add(int user, int item, long timestamp, float rating) {
        if (size == users.length) {
            users = Arrays.copyOf(users, 2 * size);
            items = Arrays.copyOf(items, 2 * size);
            timestamps = Arrays.copyOf(timestamps, 2 * size);
            ratings = Arrays.copyOf(ratings, 2 * size);
        }
        users[size] = user;
        items[size] = item;
        timestamps[size] = timestamp;
        ratings[size++] = rating;
    }

    int size() {
        return size;
    }

    Interactions build(int numUsers, int numItems) {
        return new Interactions(numUsers, numItems, Arrays.copyOf(users, size), Arrays.copyOf(items, size),
                Arrays.copyOf(timestamps, size), Arrays.copyOf(ratings, size));
    }
}
