package larch.tuner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmTuning;
import larch.gemm.MicroKernels;
import larch.machine.PeakFlops;
import larch.tuning.MachineKey;
import larch.tuning.Section;
import larch.tuning.TuningFile;

/// Looks for the fastest [GemmBlocking] of this machine.
public final class GemmTuner {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PEAK_WARMUP = Duration.ofMillis(600);
    private static final Duration PEAK_SAMPLE = Duration.ofMillis(30);

    private final StagedSearch<GemmBlocking, GemmStage> search;

    GemmTuner(MachineKey key, List<GemmStage> stages, StagedSearch.Trials<GemmBlocking, GemmStage> trials) {
        search = new StagedSearch<>(GemmBlocking.forVectorBits(key.vectorBits()), stages, new Findings(key), trials);
    }

    private record Findings(MachineKey key) implements StagedSearch.Findings<GemmBlocking> {
        @Override
        public void require(TuningFile before) {
            key.requireIn(before);
            GemmTuning.readTuned(before, key.vectorBits());
        }

        @Override
        public List<Section> sections(GemmBlocking chosen) {
            return List.of(key.section(), GemmTuning.section(chosen));
        }
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
    public TuneReport<GemmBlocking> run(Path file, TimeBox time, StagedSearch.Listener listener) {
        return search.run(file, time, listener);
    }
}
