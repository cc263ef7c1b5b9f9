package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs a kernel as OpenCL defines it, one work-group after the other, and watches every access.
///
/// A kernel is a sequence of *phases*, the code between two barriers. In a phase the work-items run one after the other,
/// which is one of the orders that a device may take; [Cells] refuses everything that another order would change. So a
/// kernel that passes is right in any order.
final class Emulator {
    /// Work-items that run in lock-step on most GPUs.
    static final int WARP = 32;

    private final int columns;
    private final int rows;
    private final List<Cells> memories = new ArrayList<>();
    private int group;
    private int phase;
    private Item item;

    /// A work-item: its place in the group and in the launch.
    /// @param x local id in dimension 0
    /// @param y local id in dimension 1
    /// @param index linear local id; 32 in a row are a warp
    /// @param id number in the launch
    record Item(int x, int y, int index, int id) {}

    /// A work-group.
    /// @param x group id in dimension 0
    /// @param y group id in dimension 1
    /// @param z group id in dimension 2, in which a group has one work-item
    record Group(Emulator emulator, int x, int y, int z) {
        /// Runs all work-items, then waits for all at a barrier.
        void phase(Consumer<Item> code) {
            emulator.runPhase(code);
        }

        /// @return local memory, which holds nothing yet
        Cells local(String name, int floats) {
            return emulator.add(new Cells(emulator, "local " + name, new float[floats], false));
        }

        /// @return private memory of each work-item
        float[][] registers(int floats) {
            return new float[emulator.columns * emulator.rows][floats];
        }
    }

    /// @param local work-items of a group in dimensions 0 and 1
    Emulator(long[] local) {
        columns = (int) local[0];
        rows = (int) local[1];
    }

    /// @return global memory with a content
    Cells global(String name, float[] data) {
        return add(new Cells(this, "global " + name, data, true));
    }

    /// Runs a kernel for all groups.
    /// @param global work-items in dimensions 0 and 1
    void launch(long[] global, Consumer<Group> kernel) {
        launch(global, 1, kernel);
    }

    /// @param global work-items in dimensions 0 and 1
    /// @param layers groups in dimension 2
    void launch(long[] global, int layers, Consumer<Group> kernel) {
        for (int z = 0; z < layers; z++) {
            for (int y = 0; y < global[1] / rows; y++) {
                for (int x = 0; x < global[0] / columns; x++) {
                    kernel.accept(new Group(this, x, y, z));
                    group++;
                }
            }
        }
    }

    private void runPhase(Consumer<Item> code) {
        for (int index = 0; index < columns * rows; index++) {
            item = new Item(index % columns, index / columns, index, group * columns * rows + index);
            memories.forEach(Cells::nextItem);
            code.accept(item);
        }
        phase++;
        memories.forEach(Cells::endWarp);
    }

    private Cells add(Cells cells) {
        memories.add(cells);
        return cells;
    }

    int phase() {
        return phase;
    }

    Item item() {
        return item;
    }

    /// @return a number of all memories whose names begin so, added up
    long sum(String name, Function<Cells, Long> number) {
        return memories.stream().filter(cells -> cells.name().startsWith(name)).mapToLong(number::apply).sum();
    }
}
