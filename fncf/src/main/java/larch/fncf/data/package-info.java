/// Data: from the files of a data set to the samples of an epoch and the candidates of an evaluation.
///
/// ```text
/// Datasets.open ─► Dataset ─► LeaveOneOut.split ─► Split ─┬─► TrainingEpoch   (users, items, labels)
///   readers: MovieLens100K, MovieLens1M,                  ├─► EvalCandidates  (held-out item, 99 negatives)
///   NcfFormat, EmbeddedData                               └─► DataStatistics
/// ```
///
/// Read [Datasets][larch.fncf.data.Datasets] first, then [LeaveOneOut][larch.fncf.data.LeaveOneOut]. The
/// choices that the paper leaves open are the components of [DataOptions][larch.fncf.data.DataOptions] and
/// [NegativeOptions][larch.fncf.data.NegativeOptions]. Everything random is a function of a seed and a named
/// stream. Bad input ends in a [DataException][larch.fncf.data.DataException] that names file and line. This
/// package imports nothing of models, training or attacks.
package larch.fncf.data;
