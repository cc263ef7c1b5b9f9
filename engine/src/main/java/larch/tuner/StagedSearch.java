package larch.tuner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import larch.tuning.Section;
import larch.tuning.TuningFile;

/// Looks for the fastest numbers, one [SearchStage] after the other, and keeps them in a file with all that was measured.
/// The file is whole after every round, so a search that is interrupted loses one round at most and goes on where it was.
///
/// @param <T> what is tuned
/// @param <S> how it is asked
public final class StagedSearch<T, S extends SearchStage<T>> {
    private static final String HEAD = "Found by ./larch tune; measured afresh by ./larch tune --reset.";

    /// What stands in the file besides the measurements.
    ///
    /// @param <T> what is tuned
    public interface Findings<T> {
        /// @param before a file that is to be continued
        /// @throws larch.tuning.TuningException if it is damaged, or holds for something else
        void require(TuningFile before);

        /// @param chosen the numbers so far
        /// @return what they hold for, and they themselves
        List<Section> sections(T chosen);
    }

    /// Makes what measures a stage.
    ///
    /// @param <T> what is tuned
    /// @param <S> how it is asked
    public interface Trials<T, S extends SearchStage<T>> {
        /// @param stage      the stage
        /// @param candidates by name
        /// @return what measures them
        Trial of(S stage, Map<String, T> candidates);
    }

    /// Hears how it goes.
    public interface Listener {
        /// Something has been measured.
        void progressed();

        /// @param stage a stage that has come to an end, or the last one that there was time for
        void ended(TuneReport.Stage stage);
    }

    private final T shipped;
    private final List<S> stages;
    private final Findings<T> findings;
    private final Trials<T, S> trials;

    /// @param shipped  the numbers to begin with
    /// @param stages   each on what the earlier ones chose
    /// @param findings what the file says of them
    /// @param trials   measures
    public StagedSearch(T shipped, List<S> stages, Findings<T> findings, Trials<T, S> trials) {
        this.shipped = shipped;
        this.stages = List.copyOf(stages);
        this.findings = findings;
        this.trials = trials;
    }

    /// Goes on with the search in a file, or begins it.
    /// @param file     it need not exist
    /// @param time     how long
    /// @param listener hears how it goes
    /// @return what is known then
    /// @throws larch.tuning.TuningException if the file is damaged, holds for something else, or cannot be written
    public TuneReport<T> run(Path file, TimeBox time, Listener listener) {
        TuningFile before = Files.exists(file) ? TuningFile.read(file) : null;
        if (before != null) {
            findings.require(before);
        }
        T numbers = shipped;
        List<Section> measured = new ArrayList<>();
        List<TuneReport.Stage> reports = new ArrayList<>();
        for (S stage : stages) {
            Map<String, T> candidates = stage.tried(numbers);
            List<String> names = List.copyOf(candidates.keySet());
            StageJournal journal = before == null ? new StageJournal(stage.name(), stage.base(numbers))
                    : StageJournal.read(before, stage.name(), stage.base(numbers), names);
            T from = numbers;
            Race.Standing standing;
            try (Trial trial = trials.of(stage, candidates)) {
                standing = new Race(names, journal, trial, time, () -> {
                    save(file, from, measured, journal);
                    listener.progressed();
                }).run();
            }
            numbers = candidates.get(standing.chosen());
            measured.add(journal.section());
            save(file, numbers, measured, null);
            reports.add(TuneReport.Stage.of(stage.name(), names, journal, standing));
            listener.ended(reports.getLast());
            if (!standing.isDecided()) {
                break;
            }
        }
        return new TuneReport<>(shipped, numbers, stages.stream().map(SearchStage::name).toList(), reports);
    }

    private void save(Path file, T numbers, List<Section> measured, StageJournal current) {
        List<Section> sections = new ArrayList<>(findings.sections(numbers));
        sections.addAll(measured);
        if (current != null) {
            sections.add(current.section());
        }
        TuningFile.write(file, HEAD, sections);
    }
}
