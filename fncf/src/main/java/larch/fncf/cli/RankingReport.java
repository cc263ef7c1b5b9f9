package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import larch.backend.Backend;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.Split;
import larch.fncf.eval.Evaluator;
import larch.fncf.model.Fncf;

/// How well a model ranks the test items, for people and for programs.
///
/// @param candidates hash of the candidate lists
/// @param negatives  the most negatives that an item is ranked with
/// @param among      ranks among the candidates
/// @param full       ranks among all items that the user has not met; null if that was not asked for
record RankingReport(String candidates, int negatives, Evaluator.Result among, Evaluator.Result full) {
    /// @param console    shows progress
    /// @param backend    the kernels
    /// @param model      the model
    /// @param candidates test items and negatives
    /// @param split      which items each user has met; null to rank among candidates only
    /// @param users      which users; null for all that have a test item
    /// @return the report
    static RankingReport of(Console console, Backend backend, Fncf model, EvalCandidates candidates, Split split,
                            int[] users) {
        Evaluator evaluator = new Evaluator(backend);
        int[] chosen = users == null ? Evaluator.usersWithItem(candidates) : users;
        Evaluator.Result among = evaluator.amongCandidates(model, candidates, chosen);
        Evaluator.Result full = null;
        if (split != null) {
            try (Progress progress = console.progress("ranking all items", "users")) {
                full = evaluator.amongAllItems(model, candidates, split, chosen, done -> progress.at(done, chosen.length));
            }
        }
        int negatives = Arrays.stream(chosen).map(user -> candidates.negatives(user).length).max().orElse(0);
        return new RankingReport(candidates.sha256(), negatives, among, full);
    }

    /// @return lines for people
    String text() {
        String text = "test items of " + among.users().length + " users\n"
                + line("among " + negatives + " negatives", among);
        return full == null ? text : text + line("among all unseen items", full);
    }

    private static String line(String what, Evaluator.Result result) {
        return String.format(Locale.ROOT, "  %-22s  HR@10 %.4f  NDCG@10 %.4f%n", what, result.hitRatio(), result.ndcg());
    }

    /// @param json where to put the numbers
    void putInto(ObjectNode json) {
        json.put("users", among.users().length);
        json.put("candidates_sha256", candidates);
        JsonOption.put(json, "hr@10", among.hitRatio());
        JsonOption.put(json, "ndcg@10", among.ndcg());
        if (full != null) {
            JsonOption.put(json, "hr@10_full", full.hitRatio());
            JsonOption.put(json, "ndcg@10_full", full.ndcg());
        }
    }
}
