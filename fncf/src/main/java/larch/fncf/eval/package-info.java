/// Ranking metrics and the evaluation of trained models. Read `RankingMetrics` first, then `Evaluator`.
package larch.fncf.eval;
