package larch.tuner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmTuning;
import larch.gemm.MicroKernels;
import larch.machine.PeakFlops;
import larch.tuning.MachineKey;
import larch.tuning.Section;
import larch.tuning.TuningFile;

/// Looks for the fastest [GemmBlocking] of this machine, one [GemmStage] after the other, and keeps it in the machine's file
/// with all that was measured. The file is whole after every round, so a search that is interrupted loses one round at most
/// and goes on where it was.
public final class GemmTuner {
    private static final String HEAD = "Found by ./larch tune; measured afresh by ./larch tune --reset.";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PEAK_WARMUP = Duration.ofMillis(600);
    private static final Duration PEAK_SAMPLE = Duration.ofMillis(30);

    /// Makes what measures a stage.
    interface Trials {
        Trial of(GemmStage stage, Map<String, GemmBlocking> candidates);
    }

    /// Hears how it goes.
    public interface Listener {
        /// Something has been measured.
        void progressed();

        /// @param stage a stage that has come to an end, or the last one that there was time for
        void ended(TuneReport.Stage stage);
    }

    private final MachineKey key;
    private final GemmBlocking shipped;
    private final List<GemmStage> stages;
    private final Trials trials;

    GemmTuner(MachineKey key, List<GemmStage> stages, Trials trials) {
        this.key = key;
        this.stages = stages;
        this.trials = trials;
        shipped = GemmBlocking.forVectorBits(key.vectorBits());
    }

    /// @param key     what the findings hold for
    /// @param kernels the kernels of its vector width, which the machine must have
    /// @param threads that products may take
    /// @return a tuner
    public static GemmTuner of(MachineKey key, MicroKernels kernels, int threads) {
        PeakFlops.Loop loop = PeakFlops.Loop.ofWidth(key.vectorBits());
        loop.gflops(1, PEAK_WARMUP);
        DoubleSupplier peak = () -> loop.gflops(1, PEAK_SAMPLE);
        return new GemmTuner(key, GemmSpace.stages(registers(), threads),
                (stage, candidates) -> new GemmTrial(stage, candidates, kernels, PATIENCE, peak));
    }

    /// AVX-512 has 32 registers at every width, and so has NEON; AVX2 has 16.
    private static int registers() {
        boolean many = PeakFlops.availableBits().contains(512) || System.getProperty("os.arch").equals("aarch64");
        return many ? 32 : 16;
    }

    /// Goes on with the search in a file, or begins it.
    /// @param file     the machine's file; it need not exist
    /// @param time     how long
    /// @param listener hears how it goes
    /// @return what is known then
    /// @throws larch.tuning.TuningException if the file is damaged, another machine's, or cannot be written
    public TuneReport run(Path file, TimeBox time, Listener listener) {
        TuningFile before = Files.exists(file) ? TuningFile.read(file) : null;
        if (before != null) {
            key.requireIn(before);
            GemmTuning.readTuned(before, key.vectorBits());
        }
        GemmBlocking blocking = shipped;
        List<Section> measured = new ArrayList<>();
        List<TuneReport.Stage> reports = new ArrayList<>();
        for (GemmStage stage : stages) {
            Map<String, GemmBlocking> candidates = stage.tried(blocking);
            List<String> names = List.copyOf(candidates.keySet());
            StageJournal journal = journal(before, stage, blocking, names);
            GemmBlocking from = blocking;
            Race.Standing standing;
            try (Trial trial = trials.of(stage, candidates)) {
                standing = new Race(names, journal, trial, time, () -> {
                    save(file, from, measured, journal);
                    listener.progressed();
                }).run();
            }
            blocking = candidates.get(standing.chosen());
            measured.add(journal.section());
            save(file, blocking, measured, null);
            reports.add(TuneReport.Stage.of(stage.name(), names, journal, standing));
            listener.ended(reports.getLast());
            if (!standing.isDecided()) {
                break;
            }
        }
        return new TuneReport(shipped, blocking, stages.stream().map(GemmStage::name).toList(), reports);
    }

    private static StageJournal journal(TuningFile before, GemmStage stage, GemmBlocking from, List<String> candidates) {
        String base = numbers(from) + " threads=" + stage.threads();
        return before == null ? new StageJournal(stage.name(), base)
                : StageJournal.read(before, stage.name(), base, candidates);
    }

    private static String numbers(GemmBlocking blocking) {
        Map<String, Long> numbers = new LinkedHashMap<>(GemmTuning.numbers(blocking));
        return String.join(" ", numbers.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    }

    private void save(Path file, GemmBlocking blocking, List<Section> measured, StageJournal current) {
        List<Section> sections = new ArrayList<>(List.of(key.section(), GemmTuning.section(blocking)));
        sections.addAll(measured);
        if (current != null) {
            sections.add(current.section());
        }
        TuningFile.write(file, HEAD, sections);
    }
}
