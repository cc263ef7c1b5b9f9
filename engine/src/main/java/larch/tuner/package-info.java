/// The search behind `./larch tune`: small spaces of candidates, values checked before times, and a winner only where it
/// wins by more than noise.
///
/// Read `Race` first: how candidates meet, and the rule of choice. `GemmSpace` says what is tried, `GemmTrial` how it is
/// checked and timed, `StagedSearch` keeps what was found in the machine's file, round by round. `Race`, `StageJournal` and
/// `StagedSearch` know nothing of matrix products: a device's tuner brings stages and a trial of its own, and is found as a
/// `DeviceTuner`.
package larch.tuner;
