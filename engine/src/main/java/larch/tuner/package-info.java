/// The search behind `./larch tune`: small spaces of candidates, values checked before times, and a winner only where it
/// wins by more than noise.
///
/// Read `Race` first: how candidates meet, and the rule of choice. `GemmSpace` says what is tried, `GemmTrial` how it is
/// checked and timed, `GemmTuner` keeps what was found in the machine's file, round by round. `Race`, `Trial` and
/// `StageJournal` know nothing of matrix products: a device's tuner brings a space and a trial of its own.
package larch.tuner;
