package larch.opencl.gemm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import larch.opencl.gemm.Emulator.Group;
import larch.opencl.gemm.Emulator.Item;

/// The kernels of `cl/gemm_5_vector.cl` to `cl/gemm_7_warp.cl` and `cl/gemm_warp_async.cl`: vectors, a transposed tile of A, two
/// buffers, warps, copies on their way.
final class EmulatedTiles {
    private static final int LANES_M = 8;
    private static final int LANES_N = 4;

    private final HostGemm g;
    private final GemmParams p;
    private final Cells a;
    private final Cells b;
    private final Cells c;
    private final int pitch;
    private final boolean warps;

    /// @param warps whether warps own compact tiles, as in rung 7
    EmulatedTiles(HostGemm g, GemmParams p, Emulator emulator, boolean warps) {
        this.g = g;
        this.p = p;
        this.warps = warps;
        a = emulator.global("a", g.a().data().clone());
        b = emulator.global("b", g.b().data().clone());
        c = emulator.global("c", g.c().data().clone());
        pitch = p.mwg() + 4;
    }

    float[] result() {
        return c.data();
    }

    /// Rung 5: load, barrier, multiply, barrier.
    void vector(Group group) {
        Cells aTile = group.local("a_tile", p.kwg() * pitch);
        Cells bTile = group.local("b_tile", p.kwg() * p.nwg());
        float[][] acc = group.registers(p.mwi() * p.nwi());
        for (int t = 0; t < g.k(); t += p.kwg()) {
            int tile = t;
            group.phase(item -> load(group, item, tile, aTile, bTile));
            group.phase(item -> multiply(item, acc[item.index()], aTile, bTile));
        }
        group.phase(item -> store(group, item, acc[item.index()]));
    }

    /// Rungs 6 and 7: one barrier per tile. What is fetched into registers there before the multiplication is loaded here
    /// after it; for who accesses what between two barriers that is the same.
    void doubleBuffer(Group group) {
        Cells[] aTile = {group.local("a_tile 0", p.kwg() * pitch), group.local("a_tile 1", p.kwg() * pitch)};
        Cells[] bTile = {group.local("b_tile 0", p.kwg() * p.nwg()), group.local("b_tile 1", p.kwg() * p.nwg())};
        float[][] acc = group.registers(p.mwi() * p.nwi());
        group.phase(item -> load(group, item, 0, aTile[0], bTile[0]));
        int current = 0;
        for (int t = 0; t < g.k(); t += p.kwg()) {
            int tile = t;
            int now = current;
            int next = 1 - current;
            group.phase(item -> {
                multiply(item, acc[item.index()], aTile[now], bTile[now]);
                if (tile + p.kwg() < g.k()) {
                    load(group, item, tile + p.kwg(), aTile[next], bTile[next]);
                }
            });
            current = next;
        }
        group.phase(item -> store(group, item, acc[item.index()]));
    }

    /// Rung 7 with asynchronous copies. A copy may happen at any time between its begin and the end of the wait for it; here at
    /// the first or the last.
    /// @param stages the tiles in local memory
    /// @param late whether copies happen when they are waited for
    void async(Group group, int stages, boolean late) {
        Cells[] aTile = locals(group, "a_tile ", stages, p.kwg() * pitch);
        Cells[] bTile = locals(group, "b_tile ", stages, p.kwg() * p.nwg());
        float[][] acc = group.registers(p.mwi() * p.nwi());
        List<Deque<List<Runnable>>> groups = new ArrayList<>();
        IntStream.range(0, p.items()).forEach(_ -> groups.add(new ArrayDeque<>()));
        int tiles = g.k() / p.kwg();
        group.phase(item -> {
            for (int t = 0; t < stages - 1; t++) {
                groups.get(item.index()).add(t < tiles ? begin(group, item, t * p.kwg(), aTile[t], bTile[t], late) : List.of());
            }
            await(groups.get(item.index()), stages);
        });
        for (int t = 0; t < tiles; t++) {
            int tile = t;
            group.phase(item -> {
                int ahead = tile + stages - 1;
                int at = ahead % stages;
                groups.get(item.index()).add(ahead < tiles ? begin(group, item, ahead * p.kwg(), aTile[at], bTile[at], late)
                        : List.of());
                multiply(item, acc[item.index()], aTile[tile % stages], bTile[tile % stages]);
                await(groups.get(item.index()), stages);
            });
        }
        group.phase(item -> store(group, item, acc[item.index()]));
    }

    private static Cells[] locals(Group group, String name, int number, int floats) {
        return IntStream.range(0, number).mapToObj(i -> group.local(name + i, floats)).toArray(Cells[]::new);
    }

    /// @return the copies of a tile, already made if they are early
    private List<Runnable> begin(Group group, Item item, int tile, Cells aTile, Cells bTile, boolean late) {
        List<Runnable> copies = new ArrayList<>();
        for (int e = item.index(); e < p.mwg() * p.kwg(); e += p.items()) {
            int row = e / 8 % p.mwg();
            int step = e / (8 * p.mwg()) * 8 + e % 8;
            copies.add(() -> aTile.set(step * pitch + row, a.get((group.y() * p.mwg() + row) * g.k() + tile + step)));
        }
        for (int e = item.index() * p.vwn(); e < p.kwg() * p.nwg(); e += p.items() * p.vwn()) {
            int at = e;
            copies.add(() -> bTile.set(at, b.get((tile + at / p.nwg()) * g.n() + group.x() * p.nwg() + at % p.nwg(), p.vwn())));
        }
        if (late) {
            return copies;
        }
        copies.forEach(Runnable::run);
        return List.of();
    }

    /// Waits for all groups but the latest `stages - 2`.
    private static void await(Deque<List<Runnable>> groups, int stages) {
        while (groups.size() > stages - 2) {
            groups.remove().forEach(Runnable::run);
        }
    }

    private void load(Group group, Item item, int tile, Cells aTile, Cells bTile) {
        for (int e = item.index() * p.vwm(); e < p.mwg() * p.kwg(); e += p.items() * p.vwm()) {
            float[] v = a.get((group.y() * p.mwg() + e / p.kwg()) * g.k() + tile + e % p.kwg(), p.vwm());
            for (int s = 0; s < p.vwm(); s++) {
                aTile.set((e % p.kwg() + s) * pitch + e / p.kwg(), v[s]);
            }
        }
        for (int e = item.index() * p.vwn(); e < p.kwg() * p.nwg(); e += p.items() * p.vwn()) {
            bTile.set(e, b.get((tile + e / p.nwg()) * g.n() + group.x() * p.nwg() + e % p.nwg(), p.vwn()));
        }
    }

    private void multiply(Item item, float[] acc, Cells aTile, Cells bTile) {
        for (int s = 0; s < p.kwg(); s++) {
            float[] aReg = new float[p.mwi()];
            float[] bReg = new float[p.nwi()];
            for (int i = 0; i < p.mwi(); i += p.vwm()) {
                System.arraycopy(aTile.get(s * pitch + row(item, i), p.vwm()), 0, aReg, i, p.vwm());
            }
            for (int j = 0; j < p.nwi(); j += p.vwn()) {
                System.arraycopy(bTile.get(s * p.nwg() + col(item, j), p.vwn()), 0, bReg, j, p.vwn());
            }
            EmulatedLadder.outer(acc, aReg, bReg);
        }
    }

    private void store(Group group, Item item, float[] acc) {
        for (int i = 0; i < p.mwi(); i++) {
            for (int j = 0; j < p.nwi(); j += p.vwn()) {
                int at = (group.y() * p.mwg() + row(item, i)) * g.n() + group.x() * p.nwg() + col(item, j);
                float[] old = g.beta() == 0 ? null : c.get(at, p.vwn());
                float[] values = new float[p.vwn()];
                for (int s = 0; s < p.vwn(); s++) {
                    float sum = acc[i * p.nwi() + j + s];
                    values[s] = old == null ? g.alpha() * sum : Math.fma(g.alpha(), sum, g.beta() * old[s]);
                }
                c.set(at, values);
            }
        }
    }

    /// The row in the work-group's tile of a work-item's i-th row.
    private int row(Item item, int i) {
        if (!warps) {
            return (item.y() + i / p.vwm() * p.mdimc()) * p.vwm() + i % p.vwm();
        }
        int warp = item.index() / (LANES_M * LANES_N);
        int lane = item.index() % (LANES_M * LANES_N);
        int first = warp / (p.ndimc() / LANES_N) * p.mwi() * LANES_M + lane / LANES_N * p.vwm();
        return first + i / p.vwm() * LANES_M * p.vwm() + i % p.vwm();
    }

    /// The column in the work-group's tile of a work-item's j-th column.
    private int col(Item item, int j) {
        if (!warps) {
            return (item.x() + j / p.vwn() * p.ndimc()) * p.vwn() + j % p.vwn();
        }
        int warp = item.index() / (LANES_M * LANES_N);
        int lane = item.index() % (LANES_M * LANES_N);
        int first = warp % (p.ndimc() / LANES_N) * p.nwi() * LANES_N + lane % LANES_N * p.vwn();
        return first + j / p.vwn() * LANES_N * p.vwn() + j % p.vwn();
    }
}
