/// Reproducible random numbers: counter-based, addressed by seed, path and index.
///
/// Read [larch.random.Rng] first, then [larch.random.Draws]. `Philox4x32` makes the words, `StreamKey` turns
/// a path into a key, `BoxMuller` makes normal numbers, `BlockBuffer` does both for many words at once.
package larch.random;
