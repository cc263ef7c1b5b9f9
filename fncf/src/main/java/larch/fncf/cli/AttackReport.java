package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import larch.fncf.attack.AttackProblem;
import larch.fncf.attack.AttackResult;
import larch.fncf.attack.AttackSummary;
import larch.fncf.attack.HitPairs;
import larch.fncf.data.Dataset;
import larch.fncf.experiment.Table;

/// What an attack did, for people and for programs.
///
/// @param trained what was attacked
/// @param pairs   the (user, item) pairs
/// @param problem their clean features
/// @param how     the mode and its constants
/// @param results one for each constant; one alone in the strong mode
record AttackReport(TrainedFile trained, HitPairs pairs, AttackProblem problem, AttackOptions how,
                    List<AttackResult> results) {
    private static final int EXAMPLES = 3;

    /// @param target what the attacker changed
    /// @return lines for people
    String text(String target) {
        List<List<String>> rows = new ArrayList<>();
        for (int k = 0; k < results.size(); k++) {
            AttackSummary s = results.get(k).summary();
            rows.add(List.of(how.isPaper() ? "c = " + how.constants().get(k) : "c searched", percent(s.rawSuccess()),
                    percent(s.trivial()), percent(s.conditionalSuccess()), number(s.meanL2()), number(s.medianL2()),
                    number(s.meanL2WithTrivial())));
        }
        Table table = new Table("attack", trained.describe() + ": " + how.mode() + " attack on " + target + " features of "
                + pairs.size() + " hits", List.of(how.mode(), "raw", "trivial", "conditional", "mean L2", "median L2",
                "mean L2 with trivial"), rows);
        return table.toText() + """
                raw: share of hits with f <= 0.5 after the attack; trivial: those that had it before any change;
                conditional: successes among the others; L2: distance of successes that were not trivial
                """ + examples();
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    /// The successes with the smallest distance, in words: of the only result, or of the largest constant.
    private String examples() {
        AttackResult last = results.getLast();
        int[] found = IntStream.range(0, last.size()).filter(i -> last.success()[i] && !last.isTrivial(i)).boxed()
                .sorted((a, b) -> Float.compare(last.distortion()[a], last.distortion()[b])).limit(EXAMPLES)
                .mapToInt(Integer::intValue).toArray();
        StringBuilder text = new StringBuilder();
        if (found.length > 0) {
            text.append("\nthe smallest changes").append(how.isPaper() ? " with c = " + how.constants().getLast() : "")
                    .append(":\n");
        }
        for (int i : found) {
            text.append(example(last, i));
        }
        return text.toString();
    }

    private String example(AttackResult result, int i) {
        Dataset data = trained.dataset();
        int user = pairs.users()[i];
        int item = pairs.items()[i];
        float[] clean = problem.features().rows(i, i + 1).toArray();
        float[] changed = result.adversarial().rows(i, i + 1).toArray();
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "  user %s (%s), \"%s\": p %.3f -> %.3f, L2 %.3f%n",
                data.userLabels().get(user), data.userFeatures().describe(user), data.title(item),
                Numbers.sigmoid(result.cleanLogits()[i]), Numbers.sigmoid(result.adversarialLogits()[i]),
                result.distortion()[i]));
        int du = data.userFeatures().width();
        List<String> changes = new ArrayList<>(ProfileWords.changes(data.userFeatures(), Arrays.copyOf(clean, du),
                Arrays.copyOf(changed, du)));
        changes.addAll(ProfileWords.changes(data.itemFeatures(), Arrays.copyOfRange(clean, du, clean.length),
                Arrays.copyOfRange(changed, du, changed.length)));
        changes.forEach(change -> text.append("    ").append(change).append('\n'));
        return text.toString();
    }

    /// @param json where to put the numbers
    void putInto(ObjectNode json) {
        ArrayNode attacks = json.putArray("attacks");
        for (int k = 0; k < results.size(); k++) {
            AttackSummary s = results.get(k).summary();
            ObjectNode attack = attacks.addObject();
            if (how.isPaper()) {
                attack.put("c", how.constants().get(k));
            } else {
                attack.putNull("c");
            }
            attack.put("n", s.n());
            JsonOption.put(attack, "raw_success", s.rawSuccess());
            JsonOption.put(attack, "trivial", s.trivial());
            JsonOption.put(attack, "conditional_success", s.conditionalSuccess());
            JsonOption.put(attack, "l2_mean", s.meanL2());
            JsonOption.put(attack, "l2_median", s.medianL2());
            JsonOption.put(attack, "l2_mean_with_trivial", s.meanL2WithTrivial());
            putPairs(attack.putArray("pairs"), results.get(k));
        }
    }

    private void putPairs(ArrayNode list, AttackResult result) {
        for (int i = 0; i < result.size(); i++) {
            ObjectNode pair = list.addObject().put("user", trained.dataset().userLabels().get(pairs.users()[i]))
                    .put("item", trained.dataset().itemLabels().get(pairs.items()[i]))
                    .put("clean_logit", result.cleanLogits()[i]).put("adversarial_logit", result.adversarialLogits()[i])
                    .put("success", result.success()[i]);
            JsonOption.put(pair, "l2", result.distortion()[i]);
        }
    }
}
