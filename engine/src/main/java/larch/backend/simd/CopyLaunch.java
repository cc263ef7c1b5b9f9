package larch.backend.simd;

import larch.backend.Block;
import larch.parallel.ThreadTeam;

/// A strided copy, cut into parts for a team by rows.
final class CopyLaunch implements Runnable, ThreadTeam.Task {
    private static final int STEPS = 2;
    private static final int STRIDED_STEPS = 16;

    private final ThreadTeam team;
    private final Block block;
    private final boolean contiguous;
    private final int parts;

    CopyLaunch(ThreadTeam team, Block block) {
        this.team = team;
        this.block = block;
        contiguous = block.fromUnit() == 1 && block.toUnit() == 1;
        parts = Work.parts(team, block.rows(), (long) block.rows() * block.cols() * (contiguous ? STEPS : STRIDED_STEPS));
    }

    @Override
    public void run() {
        team.run(parts, this);
    }

    @Override
    public void run(int part) {
        Block b = block;
        float[] from = b.from().array();
        float[] to = b.to().array();
        int end = ThreadTeam.bound(b.rows(), 1, part + 1, parts);
        for (int i = ThreadTeam.bound(b.rows(), 1, part, parts); i < end; i++) {
            int source = b.fromAt() + i * b.fromStep();
            int target = b.toAt() + i * b.toStep();
            if (contiguous) {
                System.arraycopy(from, source, to, target, b.cols());
            } else {
                for (int j = 0; j < b.cols(); j++) {
                    to[target + j * b.toUnit()] = from[source + j * b.fromUnit()];
                }
            }
        }
    }
}
