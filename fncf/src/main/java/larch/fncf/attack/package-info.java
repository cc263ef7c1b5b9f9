/// The attack of Carlini and Wagner on a recommender's features: how little must a profile change before a
/// wanted item is refused?
///
/// Read `AttackedModel` (what is attacked) and `AttackConfig` (how) first, then `CarliniWagnerL2` (search for
/// the constant), `Descent` (the loop that costs the time) and `AttackSummary` (what may be said about the
/// outcome).
package larch.fncf.attack;
