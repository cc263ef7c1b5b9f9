/// The experiment: which models to train and attack, done once and resumable, and the tables that come out.
///
/// Read `Reproduction` first, then `Results` for what it writes.
package larch.fncf.experiment;
