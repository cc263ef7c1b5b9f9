package larch.tuner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import larch.tuning.Section;
import larch.tuning.TuningFile;

/// What one stage has measured, so that a search that ends early goes on where it was.
///
/// ```text
/// [measured microtile]
/// from = 5x4 k1 ...           what the candidates vary
/// 5x4 k1 = 0.8712 0.8698      one speed for each round
/// 6x5 k4 = refused: too large for C1
/// ```
final class StageJournal {
    private static final String PREFIX = "measured ";
    private static final String FROM = "from";
    private static final String REFUSED = "refused: ";

    private final String stage;
    private final String from;
    private final Map<String, List<Double>> speeds = new LinkedHashMap<>();
    private final Map<String, String> refusals = new LinkedHashMap<>();

    /// An empty one.
    /// @param stage name of the stage
    /// @param from  what the candidates vary, in one line
    StageJournal(String stage, String from) {
        this.stage = stage;
        this.from = from;
    }

    /// @param file       a machine's file
    /// @param stage      name of the stage
    /// @param from       what the candidates vary now
    /// @param candidates the stage's candidates now
    /// @return what the file says of the stage; empty if that is nothing
    static StageJournal read(TuningFile file, String stage, String from, List<String> candidates) {
        StageJournal journal = new StageJournal(stage, from);
        if (!file.has(PREFIX + stage)) {
            return journal;
        }
        Section section = file.section(PREFIX + stage);
        if (!section.text(FROM).equals(from)) {
            throw section.wrong(FROM, "expected '" + from + "', got '" + section.text(FROM) + "'");
        }
        for (String key : section.keys()) {
            if (key.equals(FROM)) {
                continue;
            }
            if (!candidates.contains(key)) {
                throw section.wrong(key, "this program tries no such candidate");
            }
            journal.read(section, key);
        }
        return journal;
    }

    private void read(Section section, String candidate) {
        String text = section.text(candidate);
        int refused = text.indexOf(REFUSED);
        if (refused >= 0) {
            refusals.put(candidate, text.substring(refused + REFUSED.length()));
            text = text.substring(0, refused).strip();
        }
        List<Double> list = new ArrayList<>();
        for (String word : text.isEmpty() ? new String[0] : text.split(" +")) {
            double speed = word.matches("\\d+(\\.\\d+)?(E-?\\d+)?") ? Double.parseDouble(word) : 0;
            if (speed <= 0) {
                throw section.wrong(candidate, "expected positive numbers, got '" + word + "'");
            }
            list.add(speed);
        }
        speeds.put(candidate, list);
    }

    Section section() {
        Section section = new Section(PREFIX + stage).with(FROM, from);
        for (String candidate : speeds.keySet()) {
            String numbers = String.join(" ", speeds(candidate).stream().map(s -> String.format(Locale.ROOT, "%.6f", s)).toList());
            String refusal = refusals.get(candidate);
            section.with(candidate, (numbers + (refusal == null ? "" : " " + REFUSED + refusal)).strip());
        }
        return section;
    }

    /// @param candidate a name
    /// @return its speeds, one for each round that it was in
    List<Double> speeds(String candidate) {
        return speeds.getOrDefault(candidate, List.of());
    }

    /// @param candidate a name
    /// @return why it takes no part; null if it does
    String refusal(String candidate) {
        return refusals.get(candidate);
    }

    void refuse(String candidate, String why) {
        speeds.computeIfAbsent(candidate, _ -> new ArrayList<>());
        refusals.put(candidate, why);
    }

    void add(String candidate, double speed) {
        // As precise as the file, so that a search that was interrupted decides like one that was not.
        double rounded = Math.max(1e-6, Math.rint(speed * 1e6) / 1e6);
        speeds.computeIfAbsent(candidate, _ -> new ArrayList<>()).add(rounded);
    }

    /// How much faster a candidate was than another in the rounds that both were in.
    /// @param candidate one
    /// @param other     the other, measured in the same rounds
    /// @param first     the first round to look at
    /// @param end       one past the last; rounds that were not measured are left out
    /// @return one ratio of speeds less 1 for each round
    double[] gains(String candidate, String other, int first, int end) {
        int rounds = Math.min(end, Math.min(speeds(candidate).size(), speeds(other).size()));
        double[] gains = new double[Math.max(0, rounds - first)];
        Arrays.setAll(gains, i -> speeds(candidate).get(first + i) / speeds(other).get(first + i) - 1);
        return gains;
    }
}
