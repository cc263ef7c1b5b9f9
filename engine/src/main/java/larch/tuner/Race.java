package larch.tuner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds out whether any of many candidates is faster than the one in use, the incumbent.
///
/// In every round all that are still in the race are measured next to each other, so that a machine whose clock or
/// neighbours change slows all of them alike; what counts is the ratio to the incumbent in the same round. After every
/// two rounds the slower half of the challengers, by the median of these ratios, is out. The last challenger has been
/// lucky as well as fast, so the rounds that made it the last one do not count: it meets the incumbent in a final of
/// twelve fresh rounds.
///
/// **The rule.** The challenger wins if it is at least 2 % faster in at least nine of the twelve. Else the incumbent stays:
/// noise of the size of the gain, or a gain in some phases of the machine only, is no reason to change anything. (An incumbent that is refused leaves its place to the next candidate: any
/// that works is better.)
final class Race {
    static final int ROUNDS_PER_CUT = 2;
    static final int FINAL_ROUNDS = 12;
    static final double MARGIN = 0.02;

    /// How a race stands.
    ///
    /// @param isDecided  whether it has ended
    /// @param incumbent  what the others are compared with: the candidate in use, or, if that was refused, the next
    /// @param chosen     the winner; as long as there is none, the candidate in use
    /// @param challenger who is or was in the final; null if nobody
    record Standing(boolean isDecided, String incumbent, String chosen, String challenger) {
    }

    private final List<String> candidates;
    private final StageJournal journal;
    private final Trial trial;
    private final TimeBox time;
    private final Runnable afterEachStep;
    private final Set<String> ready = new HashSet<>();

    /// @param candidates    names, the incumbent first
    /// @param journal       what is known already; it grows
    /// @param trial         measures
    /// @param time          how long
    /// @param afterEachStep called when the journal has grown
    Race(List<String> candidates, StageJournal journal, Trial trial, TimeBox time, Runnable afterEachStep) {
        this.candidates = List.copyOf(candidates);
        this.journal = journal;
        this.trial = trial;
        this.time = time;
        this.afterEachStep = afterEachStep;
    }

    /// Goes on until the race is decided or the time is over.
    /// @return how it stands then
    Standing run() {
        String inUse = candidates.getFirst();
        for (String name : candidates) {
            if (journal.refusal(name) == null && journal.speeds(name).isEmpty()) {
                if (time.isOver()) {
                    return new Standing(false, inUse, inUse, null);
                }
                makeReady(name);
            }
            if (journal.refusal(name) == null) {
                return run(name, inUse);
            }
        }
        return new Standing(true, inUse, inUse, null);
    }

    private Standing run(String incumbent, String inUse) {
        List<String> field = new ArrayList<>(candidates.subList(candidates.indexOf(incumbent), candidates.size()));
        int rounds = 0;
        do {
            rounds += ROUNDS_PER_CUT;
            if (!measure(field, rounds)) {
                return new Standing(false, incumbent, inUse, null);
            }
            field = cut(field, rounds);
        } while (field.size() > 2);
        String challenger = field.size() < 2 ? null : field.getLast();
        if (challenger == null || journal.refusal(challenger) != null) {
            return new Standing(true, incumbent, incumbent, null);
        }
        if (!measure(field, rounds + FINAL_ROUNDS)) {
            return new Standing(false, incumbent, inUse, challenger);
        }
        boolean wins = journal.refusal(challenger) == null
                && wins(journal.gains(challenger, incumbent, rounds, rounds + FINAL_ROUNDS));
        return new Standing(true, incumbent, wins ? challenger : incumbent, challenger);
    }

    /// The rule.
    /// @param gains ratios of speeds less 1, one for each round of the final
    /// @return whether the challenger wins
    static boolean wins(double[] gains) {
        long clear = Arrays.stream(gains).filter(gain -> gain >= MARGIN).count();
        return 4 * clear >= 3L * FINAL_ROUNDS;
    }

    /// Sees to it that each of the field has so many rounds behind it.
    /// @return false if the time was over before
    private boolean measure(List<String> field, int rounds) {
        while (true) {
            List<String> behind = takingPart(field).stream().filter(name -> journal.speeds(name).size() < rounds).toList();
            if (behind.isEmpty()) {
                return true;
            }
            for (String name : behind) {
                if (time.isOver()) {
                    return false;
                }
                makeReady(name);
            }
            List<String> starters = takingPart(behind);
            if (starters.isEmpty()) {
                continue;
            }
            if (time.isOver()) {
                return false;
            }
            int round = journal.speeds(starters.getFirst()).size();
            trial.speeds(starters, round).forEach(journal::add);
            afterEachStep.run();
        }
    }

    private List<String> takingPart(List<String> field) {
        return field.stream().filter(name -> journal.refusal(name) == null).toList();
    }

    private void makeReady(String name) {
        if (ready.add(name)) {
            String why = trial.refusal(name);
            if (why != null) {
                journal.refuse(name, why);
                afterEachStep.run();
            }
        }
    }

    /// Looks at the rounds so far only, though an interrupted race knows more: it must cut as it did before.
    /// @return the incumbent and the faster half of its challengers, those without a speed left out
    private List<String> cut(List<String> field, int rounds) {
        String incumbent = field.getFirst();
        List<String> challengers = field.stream().skip(1).filter(name -> !journal.speeds(name).isEmpty())
                .sorted(Comparator.comparingDouble((String name) -> median(journal.gains(name, incumbent, 0, rounds)))
                        .reversed()).toList();
        List<String> kept = new ArrayList<>(List.of(incumbent));
        kept.addAll(challengers.subList(0, (challengers.size() + 1) / 2));
        field.stream().filter(name -> !kept.contains(name)).forEach(trial::forget);
        return kept;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length == 0 ? Double.NaN : sorted.length % 2 == 1 ? sorted[middle]
                : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
