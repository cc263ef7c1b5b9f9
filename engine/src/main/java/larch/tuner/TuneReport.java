package larch.tuner;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// What a search knows.
///
/// @param <T>      what is tuned
/// @param shipped  the numbers that it began with
/// @param chosen   the numbers it ended with
/// @param all      the names of all stages
/// @param stages   those that have begun
public record TuneReport<T>(T shipped, T chosen, List<String> all, List<Stage> stages) {
    /// @return whether every stage is decided
    public boolean isComplete() {
        return stages.size() == all.size() && stages.stream().allMatch(Stage::isDecided);
    }

    /// @param notation how numbers are written
    /// @param <R>      the other form
    /// @return the same with the numbers in another form
    public <R> TuneReport<R> as(Function<T, R> notation) {
        return new TuneReport<>(notation.apply(shipped), notation.apply(chosen), all, stages);
    }

    /// One stage.
    ///
    /// @param name      its name
    /// @param isDecided whether it has ended
    /// @param from      the candidate that it began with
    /// @param chosen    the candidate that is in use now
    /// @param candidates all of them, the fastest first
    public record Stage(String name, boolean isDecided, String from, String chosen, List<Candidate> candidates) {
        static Stage of(String name, List<String> names, StageJournal journal, Race.Standing standing) {
            List<Candidate> rows = names.stream().map(candidate -> Candidate.of(candidate, journal, standing))
                    .sorted(Comparator.comparing(Candidate::rounds).reversed()
                            .thenComparing(Comparator.comparingDouble(Candidate::gain).reversed())).toList();
            return new Stage(name, standing.isDecided(), names.getFirst(), standing.chosen(), rows);
        }

        /// @return whether another candidate was chosen than the one it began with
        public boolean isChanged() {
            return !chosen.equals(from);
        }
    }

    /// One candidate.
    ///
    /// @param name    its name
    /// @param rounds  how often it was measured
    /// @param share   median share of the FMA peak of one core, or of the device, a geometric mean over the products; NaN without rounds
    /// @param gain    median gain in speed over the candidate that the stage began with, or the next if that was refused; of
    ///                the final if it was in it; NaN without rounds
    /// @param refusal why it took no part; null if it did
    public record Candidate(String name, int rounds, double share, double gain, String refusal) {
        static Candidate of(String name, StageJournal journal, Race.Standing standing) {
            List<Double> speeds = journal.speeds(name);
            boolean inFinal = name.equals(standing.challenger()) && standing.isDecided();
            int first = inFinal ? Math.max(0, speeds.size() - Race.FINAL_ROUNDS) : 0;
            return new Candidate(name, speeds.size(),
                    Race.median(speeds.stream().mapToDouble(Double::doubleValue).toArray()),
                    Race.median(journal.gains(name, standing.incumbent(), first, speeds.size())), journal.refusal(name));
        }
    }
}
