/// Calls that compute each row of their result from the same row of their arguments, and chains of them that a backend can
/// run row by row from the first call to the last. Read `RowChains` first.
package larch.backend.rowwise;
