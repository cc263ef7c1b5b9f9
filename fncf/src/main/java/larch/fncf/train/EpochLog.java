package larch.fncf.train;

/// What happened in one epoch.
///
/// @param stage            name of the stage
/// @param epoch            number of the epoch over all stages, from 1
/// @param epochs           epochs of all stages
/// @param loss             mean loss of the epoch's steps
/// @param seconds          time of training alone, without evaluation
/// @param samples          samples seen
/// @param validationHit    HR@10 on the validation items; NaN without them
/// @param validationNdcg   NDCG@10 on the validation items; NaN without them
public record EpochLog(String stage, int epoch, int epochs, double loss, double seconds, long samples,
                       double validationHit, double validationNdcg) {
}
