package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Memory that work-items share, checked at every access.
///
/// An error is: an index outside; reading a cell that nobody has written; and two accesses to one cell between the same
/// two barriers of which one writes, unless one work-item makes both. In global memory no barrier separates: its order
/// holds within a work-group only, and other groups write as well. So there, whole launches count instead of phases.
///
/// It also counts what the accesses of a warp cost: a *segment* is 32 neighbouring floats of global memory, which are
/// moved at once, and a *cycle* is what local memory needs to serve a warp: one if it asks each of the 32 banks for one
/// address. This is a model of most GPUs, and an ideal one: real hardware may split wide accesses.
final class Cells {
    private static final int NOBODY = -1;
    private static final int SEVERAL = -2;

    private final Emulator emulator;
    private final String name;
    private final float[] data;
    private final boolean global;
    private final boolean[] written;
    private final int[] writePhase;
    private final int[] writer;
    private final int[] readPhase;
    private final int[] reader;
    /// The addresses that this warp accessed, by the number of the access.
    private final List<Set<Integer>> warp = new ArrayList<>();
    private int access;
    private long reads;
    private long segments;
    private long cycles;

    Cells(Emulator emulator, String name, float[] data, boolean global) {
        this.emulator = emulator;
        this.name = name;
        this.data = data;
        this.global = global;
        written = new boolean[data.length];
        Arrays.fill(written, global);
        writePhase = filled(NOBODY);
        writer = filled(NOBODY);
        readPhase = filled(NOBODY);
        reader = filled(NOBODY);
    }

    private int[] filled(int value) {
        int[] cells = new int[data.length];
        Arrays.fill(cells, value);
        return cells;
    }

    String name() {
        return name;
    }

    float[] data() {
        return data;
    }

    /// @return floats read
    long reads() {
        return reads;
    }

    /// @return segments that the accesses of warps touched
    long segments() {
        return segments;
    }

    /// @return cycles that the accesses of warps took
    long cycles() {
        return cycles;
    }

    float get(int at) {
        return get(at, 1)[0];
    }

    /// One access to neighbouring floats.
    float[] get(int at, int width) {
        if (width > 1 && at % width != 0) {
            throw error("a vector of " + width + " must begin at a multiple of it", at);
        }
        float[] values = new float[width];
        for (int i = 0; i < width; i++) {
            values[i] = read(at + i);
        }
        record(at, width);
        return values;
    }

    void set(int at, float... values) {
        for (int i = 0; i < values.length; i++) {
            write(at + i, values[i]);
        }
        record(at, values.length);
    }

    private float read(int at) {
        inside(at);
        if (!written[at]) {
            throw error("read before anybody wrote it", at);
        }
        if (writePhase[at] == now() && writer[at] != me()) {
            throw error("read while work-item " + writer[at] + " writes it; a barrier is missing", at);
        }
        reader[at] = readPhase[at] != now() || reader[at] == me() ? me() : SEVERAL;
        readPhase[at] = now();
        reads++;
        return data[at];
    }

    private void write(int at, float value) {
        inside(at);
        if (writePhase[at] == now()) {
            throw error("written twice, the first time by work-item " + writer[at], at);
        }
        if (readPhase[at] == now() && reader[at] != me()) {
            throw error("written while others read it; a barrier is missing", at);
        }
        written[at] = true;
        writePhase[at] = now();
        writer[at] = me();
        data[at] = value;
    }

    private void inside(int at) {
        if (at < 0 || at >= data.length) {
            throw error("outside of " + data.length + " floats", at);
        }
    }

    private int now() {
        return global ? 0 : emulator.phase();
    }

    private int me() {
        return emulator.item().id();
    }

    private IllegalStateException error(String what, int at) {
        return new IllegalStateException(name + "[" + at + "], work-item " + me() + ": " + what);
    }

    private void record(int at, int width) {
        if (access == warp.size()) {
            warp.add(new HashSet<>());
        }
        for (int i = 0; i < width; i++) {
            warp.get(access).add(at + i);
        }
        access++;
    }

    /// A work-item begins; with the first of a warp, a new warp.
    void nextItem() {
        if (emulator.item().index() % Emulator.WARP == 0) {
            endWarp();
        }
        access = 0;
    }

    void endWarp() {
        for (Set<Integer> addresses : warp) {
            segments += addresses.stream().map(at -> at / Emulator.WARP).distinct().count();
            int[] banks = new int[Emulator.WARP];
            addresses.forEach(at -> banks[at % Emulator.WARP]++);
            cycles += Arrays.stream(banks).max().orElseThrow();
        }
        warp.clear();
    }
}
