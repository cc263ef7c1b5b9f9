/// How measurements are shown: rows, the table, JSON, pictures.
///
/// Read `Row` and `PeerRow` first; `SpeedReport` puts everything together.
package larch.bench.report;
