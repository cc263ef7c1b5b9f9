package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import larch.fncf.attack.AttackResult;
import larch.fncf.data.Dataset;

/// A user's recommendations and, beside them, those for a changed profile; for people and for programs.
final class RecommendReport {
    private static final int TITLE_WIDTH = 36;
    private static final int NOBODY = -1;

    private final TrainedFile trained;
    private final Dataset data;
    private final int user;
    private final int top;
    private final RankedItems before;
    private float[] changedFeatures;
    private RankedItems after;
    private int attackedItem = NOBODY;
    private AttackResult attack;

    /// @param trained the model on its data
    /// @param user    for whom
    /// @param top     how many items to show
    /// @param before  the ranking with the profile that the user has
    RecommendReport(TrainedFile trained, int user, int top, RankedItems before) {
        this.trained = trained;
        this.data = trained.dataset();
        this.user = user;
        this.top = top;
        this.before = before;
    }

    /// @param features another profile
    /// @param ranking  the ranking with it
    void compare(float[] features, RankedItems ranking) {
        changedFeatures = features;
        after = ranking;
    }

    /// @param item     the item that was to be refused
    /// @param result   of the attack on it
    /// @param features the attacked profile
    /// @param ranking  the ranking with it
    void attack(int item, AttackResult result, float[] features, RankedItems ranking) {
        attackedItem = item;
        attack = result;
        if (result.success()[0] && !result.isTrivial(0)) {
            compare(features, ranking);
        }
    }

    /// @return lines for people
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("user ").append(data.userLabels().get(user)).append(" (").append(data.userFeatures().describe(user))
                .append("), ").append(trained.describe()).append('\n');
        text.append("left out: ").append(known()).append(" items that the user chose before\n");
        if (attackedItem != NOBODY) {
            text.append(attackText());
        }
        if (after != null) {
            List<String> changes = ProfileWords.changes(data.userFeatures(), data.userFeatures().row(user), changedFeatures);
            text.append(changes.isEmpty() ? "the profile is unchanged\n" : "changed features:\n");
            changes.forEach(change -> text.append("  ").append(change).append('\n'));
        }
        text.append('\n').append(list());
        return text.toString();
    }

    private String attackText() {
        String title = "\"" + data.title(attackedItem) + "\"";
        if (attack.isTrivial(0)) {
            return String.format(Locale.ROOT, "attack on %s: nothing to do, the model refuses it already (p %.3f)%n", title,
                    before.probability(attackedItem));
        }
        if (!attack.success()[0]) {
            return String.format(Locale.ROOT, "attack on %s: failed, no change of the user's features was found that brings p "
                    + "%.3f to 0.5%n", title, before.probability(attackedItem));
        }
        return String.format(Locale.ROOT, "attack on %s: p %.3f -> %.3f, %s, L2 distance %.3f%n", title,
                before.probability(attackedItem), after.probability(attackedItem), ranks(), attack.distortion()[0]);
    }

    private String ranks() {
        return before.rank(attackedItem) == 0 ? "left out of the lists because the user chose it before"
                : "rank " + before.rank(attackedItem) + " -> " + after.rank(attackedItem);
    }

    private long known() {
        return data.numItems() - (long) before.order().size();
    }

    private String list() {
        StringBuilder text = new StringBuilder();
        boolean marked = false;
        if (after != null) {
            text.append(String.format("      %-" + (TITLE_WIDTH + 20) + "s   %s%n", "as it is", "changed"));
        }
        for (int place = 0; place < Math.min(top, before.order().size()); place++) {
            int item = before.order().get(place);
            marked |= item == trained.split().testItem(user);
            String line = String.format("%4d  %s", place + 1, cell(item, before));
            if (after != null) {
                int other = after.order().get(place);
                marked |= other == trained.split().testItem(user);
                line += "  " + cell(other, after);
            }
            text.append(line.stripTrailing()).append('\n');
        }
        return marked ? text + "* the held-out item, which the user chose next\n" : text.toString();
    }

    private String cell(int item, RankedItems ranking) {
        String title = data.title(item);
        if (title.length() > TITLE_WIDTH) {
            title = title.substring(0, TITLE_WIDTH - 1) + "…";
        }
        String mark = item == trained.split().testItem(user) ? "*" : " ";
        return String.format(Locale.ROOT, "%s%-" + TITLE_WIDTH + "s  p %.3f  z %6.2f ", mark, title,
                ranking.probability(item), ranking.logits()[item]);
    }

    /// @param json where to put it
    void putInto(ObjectNode json) {
        json.put("user", data.userLabels().get(user)).put("profile", data.userFeatures().describe(user)).put("excluded", known());
        putList(json.putArray("items"), before);
        if (attackedItem != NOBODY) {
            ObjectNode outcome = json.putObject("attack").put("item", data.itemLabels().get(attackedItem))
                    .put("trivial", attack.isTrivial(0)).put("success", attack.success()[0])
                    .put("logit_before", attack.cleanLogits()[0]).put("logit_after", attack.adversarialLogits()[0]);
            JsonOption.put(outcome, "l2", attack.distortion()[0]);
        }
        if (after != null) {
            ArrayNode changes = json.putArray("changes");
            ProfileWords.changes(data.userFeatures(), data.userFeatures().row(user), changedFeatures).forEach(changes::add);
            putList(json.putArray("items_changed"), after);
        }
    }

    private void putList(ArrayNode list, RankedItems ranking) {
        for (int place = 0; place < Math.min(top, ranking.order().size()); place++) {
            int item = ranking.order().get(place);
            list.addObject().put("item", data.itemLabels().get(item)).put("title", data.title(item))
                    .put("logit", ranking.logits()[item])
                    .put("probability", ranking.probability(item)).put("held_out", item == trained.split().testItem(user));
        }
    }
}
