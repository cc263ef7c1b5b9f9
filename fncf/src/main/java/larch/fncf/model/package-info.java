/// The feature-based neural recommender FNCF and what can be computed from it.
///
/// Read `Fncf` first. `FoldedFncf` holds the exact algebra that makes ranking and attacks cheap.
package larch.fncf.model;
