package larch.fncf.attack;

/// Adds up the progress of blocks that run side by side and tells it on, one report at a time.
final class SharedProgress {
    private final AttackProgress progress;
    private final int rows;
    private double done;

    /// @param progress is told the share of all rows
    /// @param rows     the number of rows of all blocks
    SharedProgress(AttackProgress progress, int rows) {
        this.progress = progress;
        this.rows = rows;
    }

    /// @param size the number of rows of a block
    /// @return where that block reports
    AttackProgress part(int size) {
        return new AttackProgress() {
            private double before;

            @Override
            public void at(double share) {
                synchronized (SharedProgress.this) {
                    done += (share - before) * size;
                    before = share;
                    progress.at(Math.min(1, done / rows));
                }
            }
        };
    }
}
