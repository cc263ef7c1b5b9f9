package larch.fncf.experiment;

import java.util.Locale;
import larch.fncf.train.EpochLog;

/// One epoch as a line for people.
public final class EpochText {
    private EpochText() {
    }

    /// @param what which model
    /// @param log  what happened
    /// @return a line without line break
    public static String of(String what, EpochLog log) {
        String line = String.format(Locale.ROOT, "%s  epoch %d/%d  %s  loss %.5f  %,.0f samples/s", what, log.epoch(),
                log.epochs(), log.stage(), log.loss(), log.samples() / log.seconds());
        return Double.isNaN(log.validationHit()) ? line
                : line + String.format(Locale.ROOT, "  validation HR@10 %.4f NDCG@10 %.4f", log.validationHit(),
                log.validationNdcg());
    }
}
