package larch.opencl.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Blocks that wait for their next owner, by capacity. Not thread-safe.
final class FreeBlocks {
    private static final long SMALLEST = 256;

    private final TreeMap<Long, Deque<Block>> byCapacity = new TreeMap<>();
    private long bytes;

    /// Sizes are rounded up so that nearly equal ones share blocks: eight classes for each power of two, at most an
    /// eighth more than asked for, and multiples of 256 bytes.
    /// @return the capacity of a new block for `bytes`
    static long capacityFor(long bytes) {
        long step = Math.max(SMALLEST, Long.highestOneBit(bytes) / 8);
        return Math.max(SMALLEST, (bytes + step - 1) / step * step);
    }

    void add(Block block) {
        byCapacity.computeIfAbsent(block.capacity(), c -> new ArrayDeque<>()).push(block);
        bytes += block.capacity();
    }

    /// @return the smallest block that holds `size` bytes, and the latest used among equals; none if it is more
    ///     than a quarter larger than a new one would be
    Block takeFor(long size) {
        Map.Entry<Long, Deque<Block>> best = byCapacity.ceilingEntry(size);
        if (best == null || best.getKey() > capacityFor(size) + capacityFor(size) / 4) {
            return null;
        }
        Block block = best.getValue().pop();
        if (best.getValue().isEmpty()) {
            byCapacity.remove(best.getKey());
        }
        bytes -= block.capacity();
        return block;
    }

    /// @return every block; none is left
    List<Block> takeAll() {
        List<Block> all = new ArrayList<>();
        byCapacity.values().forEach(all::addAll);
        byCapacity.clear();
        bytes = 0;
        return all;
    }

    long bytes() {
        return bytes;
    }
}
