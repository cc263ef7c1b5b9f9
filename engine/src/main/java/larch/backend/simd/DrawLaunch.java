package larch.backend.simd;

import larch.parallel.ThreadTeam;
import larch.random.Rng;
import larch.tensor.Tensor;

/// Random draws, cut into parts for a team.
final class DrawLaunch implements Runnable, ThreadTeam.Task {
    private static final int STEPS = 40;

    private final ThreadTeam team;
    private final boolean normal;
    private final Rng stream;
    private final long first;
    private final Tensor out;
    private final int parts;

    DrawLaunch(ThreadTeam team, boolean normal, Rng stream, long first, Tensor out) {
        this.team = team;
        this.normal = normal;
        this.stream = stream;
        this.first = first;
        this.out = out;
        parts = Work.parts(team, out.size() / Work.COLUMN_GRAIN, (long) out.size() * STEPS);
    }

    @Override
    public void run() {
        team.run(parts, this);
    }

    @Override
    public void run(int part) {
        int from = ThreadTeam.bound(out.size(), Work.COLUMN_GRAIN, part, parts);
        int count = ThreadTeam.bound(out.size(), Work.COLUMN_GRAIN, part + 1, parts) - from;
        if (normal) {
            stream.normals(out.data(), out.offset() + from, count, first + from);
        } else {
            stream.uniforms(out.data(), out.offset() + from, count, first + from);
        }
    }
}
