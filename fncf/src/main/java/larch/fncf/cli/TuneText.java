package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import larch.fncf.experiment.Table;
import larch.tuner.TuneReport;
import larch.tuner.TuneReport.Candidate;
import larch.tuner.TuneReport.Stage;

/// What `larch tune` found, as a table and as JSON.
///
/// @param report what was found, the numbers by name
/// @param title  what it holds for, and what a share is
/// @param key    what it holds for, by name
/// @param file   where it is kept
record TuneText(TuneReport<? extends Map<String, ?>> report, String title, Map<String, ?> key, Path file) {
    /// So many candidates of a stage are shown; JSON has all of them.
    private static final int SHOWN = 5;

    /// @param stage a stage
    /// @return how it ended
    static String line(Stage stage) {
        Candidate chosen = candidate(stage, stage.chosen());
        return stage.name() + ": " + (!stage.isDecided() ? stage.from() + " so far; time is up"
                : stage.isChanged() ? stage.chosen() + " instead of " + stage.from()
                        + (candidate(stage, stage.from()).refusal() == null ? ", " + percent(chosen.gain(), "%+.1f %%") : "")
                : stage.from() + " stays") + refused(stage);
    }

    private static String refused(Stage stage) {
        long count = stage.candidates().stream().filter(c -> c.refusal() != null).count();
        return count == 0 ? "" : " (" + count + " of " + stage.candidates().size() + " refused)";
    }

    private static Candidate candidate(Stage stage, String name) {
        return stage.candidates().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    String text() {
        List<List<String>> rows = new ArrayList<>();
        for (Stage stage : report.stages()) {
            List<Candidate> shown = new ArrayList<>(stage.candidates().stream().limit(SHOWN).toList());
            Candidate from = candidate(stage, stage.from());
            if (!shown.contains(from)) {
                shown.add(from);
            }
            for (Candidate c : shown) {
                rows.add(List.of(stage.name(), c.name(), String.valueOf(c.rounds()), percent(c.share(), "%.1f %%"),
                        c == from ? "-" : percent(c.gain(), "%+.1f %%"), word(stage, c)));
            }
        }
        int left = (int) (report.all().size() - report.stages().stream().filter(Stage::isDecided).count());
        return new Table("tune", title + ", the fastest candidates of each stage", List.of("stage", "candidate", "rounds", "share", "gain", "verdict"), rows).toText()
                + refusals() + "in use: " + report.chosen() + "\n" + "kept in " + file + "\n"
                + (left == 0 ? "every stage is decided; --reset measures anew\n" : "time was up with " + left + " of " + report.all().size()
                        + " stages to go; run it again to go on\n");
    }

    private String refusals() {
        Map<String, Long> reasons = new TreeMap<>();
        report.stages().stream().flatMap(stage -> stage.candidates().stream().filter(c -> c.refusal() != null)
                .map(c -> stage.name() + ": " + c.refusal())).forEach(reason -> reasons.merge(reason, 1L, Long::sum));
        return String.join("", reasons.entrySet().stream().map(e -> "refused, " + e.getKey() + " (" + e.getValue() + ")\n").toList());
    }

    private static String word(Stage stage, Candidate c) {
        return c.refusal() != null ? "refused"
                : !stage.isDecided() ? ""
                : !c.name().equals(stage.chosen()) ? ""
                : stage.isChanged() ? "chosen" : "stays";
    }

    private static String percent(double value, String format) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, 100 * value);
    }

    ObjectNode json() {
        ObjectNode object = JsonOption.object("tune");
        object.put("date", LocalDate.now(ZoneOffset.UTC).toString()).put("flags", Machine.jvmFlags()).put("os", Machine.os());
        key.forEach(object::putPOJO);
        object.put("file", file.toString()).put("complete", report.isComplete());
        report.shipped().forEach(object.putObject("shipped")::putPOJO);
        report.chosen().forEach(object.putObject("chosen")::putPOJO);
        ArrayNode stages = object.putArray("stages");
        for (Stage stage : report.stages()) {
            ObjectNode row = stages.addObject().put("name", stage.name()).put("decided", stage.isDecided())
                    .put("from", stage.from()).put("chosen", stage.chosen());
            ArrayNode candidates = row.putArray("candidates");
            for (Candidate c : stage.candidates()) {
                ObjectNode entry = candidates.addObject().put("name", c.name()).put("rounds", c.rounds());
                JsonOption.put(entry, "share_of_peak", c.share());
                JsonOption.put(entry, "gain", c.gain());
                entry.put("refused", c.refusal());
            }
        }
        return object;
    }
}
