package larch.tuner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmTuning;
import larch.tuning.MachineKey;
import larch.tuning.TuningException;
import larch.tuning.TuningFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is searched, and what stays in the machine's file.
class GemmTunerTest {
    private static final MachineKey KEY = new MachineKey("cpu", 512, 25, "abc");
    private static final GemmBlocking SHIPPED = GemmBlocking.forVectorBits(512);
    private static final TimeBox ENDLESS = new TimeBox(Duration.ofDays(1), () -> 0);

    @TempDir
    private Path folder;
    private final List<String> rounds = new ArrayList<>();

    /// A machine that likes tall tiles, `nc = 1024`, and nothing else.
    private GemmTuner tuner() {
        return new GemmTuner(KEY, GemmSpace.stages(32, 2), (stage, candidates) -> new FakeTrial((name, round) -> {
            rounds.add(stage.name() + " " + name + " " + round);
            GemmBlocking b = candidates.get(name);
            return stage.name().equals("microtile") ? b.mr() : b.nc() == 1024 ? 1.1 : 1;
        }, Map.of()));
    }

    @Test
    void theFileHoldsTheWinnersAndWhatWasMeasured() {
        Path file = folder.resolve("f.tuning");
        TuneReport<GemmBlocking> report = tuner().run(file, ENDLESS, EachStep.IGNORED);
        assertTrue(report.isComplete());
        GemmBlocking expected = GemmTuning.with(SHIPPED, Map.of("mr", 14L, "vectors", 1L, "mc", 84L, "nc", 1024L));
        assertEquals(expected, report.chosen());
        assertEquals(expected, GemmTuning.readTuned(TuningFile.read(file), 512));
        assertEquals(List.of("microtile", "nc"), report.stages().stream().filter(TuneReport.Stage::isChanged)
                .map(TuneReport.Stage::name).toList());
        KEY.requireIn(TuningFile.read(file));
        int before = rounds.size();
        assertEquals(report, tuner().run(file, ENDLESS, EachStep.IGNORED), "all of it is known");
        assertEquals(before, rounds.size(), "nothing is measured again");
    }

    @Test
    void aSearchThatRunsOutOfTimeGoesOnWhereItWas() {
        TuneReport<GemmBlocking> whole = tuner().run(folder.resolve("whole"), ENDLESS, EachStep.IGNORED);
        List<String> expected = List.copyOf(rounds);
        rounds.clear();
        Path file = folder.resolve("parts");
        TuneReport<GemmBlocking> part;
        int runs = 0;
        do {
            long[] clock = {0};
            part = tuner().run(file, new TimeBox(Duration.ofNanos(5), () -> clock[0]), new EachStep(() -> clock[0]++));
            assertEquals(part.chosen(), GemmTuning.readTuned(TuningFile.read(file), 512), "usable at any time");
        } while (!part.isComplete() && ++runs < 1000);
        assertTrue(runs > 5, "it was interrupted");
        assertEquals(whole, part);
        assertEquals(expected, rounds);
    }

    /// As when the process ends within a round: what was saved before is all there is.
    @Test
    void whatIsLostIsOneRoundAtMost() {
        Path file = folder.resolve("f");
        int[] steps = {0};
        assertThrows(IllegalStateException.class, () -> tuner().run(file, ENDLESS, new EachStep(() -> {
            if (++steps[0] == 7) {
                throw new IllegalStateException("killed");
            }
        })));
        List<String> before = List.copyOf(rounds);
        rounds.clear();
        tuner().run(file, ENDLESS, EachStep.IGNORED);
        assertFalse(rounds.isEmpty());
        assertTrue(rounds.stream().noneMatch(before::contains), "nothing twice");
    }

    @Test
    void withoutTimeNothingChanges() {
        Path file = folder.resolve("f");
        TuneReport<GemmBlocking> report = tuner().run(file, new TimeBox(Duration.ZERO, () -> 0), EachStep.IGNORED);
        assertFalse(report.isComplete());
        assertEquals(SHIPPED, report.chosen());
        assertEquals(List.of(), rounds);
    }

    @Test
    void aForeignOrDamagedFileIsAnError() throws IOException {
        Path file = folder.resolve("f");
        tuner().run(file, ENDLESS, EachStep.IGNORED);
        String text = Files.readString(file);
        refused(file, text.replace("cpu = cpu", "cpu = other"), "another processor");
        refused(file, text.replace("kc = 512", "kc = 128"), "kc: expected 512");
        refused(file, text.replace("14x2 k1 = ", "14x2 k3 = "), "14x2 k3: this program tries no such candidate");
        refused(file, text.replace("14x2 k1 = ", "14x2 k1 = x "), "14x2 k1: expected positive numbers, got 'x'");
        refused(file, text.replace("from = lanes=16 mr=5", "from = lanes=16 mr=6"), "from: expected 'lanes=16 mr=5 ");
    }

    private void refused(Path file, String text, String part) throws IOException {
        Files.writeString(file, text);
        String message = assertThrows(TuningException.class, () -> tuner().run(file, ENDLESS, EachStep.IGNORED)).getMessage();
        assertTrue(message.startsWith("tuning " + file + ", line ") && message.contains(part), message);
    }

    @Test
    void theSpaceKeepsItsConstraints() {
        for (int registers : new int[] {16, 32}) {
            for (int bits : new int[] {128, 256, 512}) {
                GemmBlocking from = GemmBlocking.forVectorBits(bits);
                for (GemmStage stage : GemmSpace.stages(registers, 2)) {
                    Map<String, GemmBlocking> tried = stage.tried(from);
                    assertEquals(from, tried.values().iterator().next(), "the one in use comes first");
                    assertTrue(tried.size() >= 4 && tried.size() <= 100, () -> stage.name() + ": " + tried.keySet());
                    tried.values().stream().skip(1).forEach(candidate -> check(candidate, from, registers, stage));
                }
            }
        }
        assertEquals("parallelWork", GemmSpace.stages(16, 2).getLast().name());
        assertTrue(GemmSpace.stages(16, 1).stream().noneMatch(stage -> stage.name().equals("parallelWork")));
    }

    private static void check(GemmBlocking candidate, GemmBlocking from, int registers, GemmStage stage) {
        assertEquals(from.kc(), candidate.kc(), "results depend on kc");
        assertEquals(from.lanes(), candidate.lanes());
        if (stage.name().equals("microtile")) {
            assertTrue(candidate.mr() * candidate.vectors() + candidate.vectors() + 1 <= registers, candidate::toString);
            assertTrue(candidate.mr() * candidate.vectors() >= 8, candidate::toString);
        }
        if (List.of("microtile", "mc", "nc").contains(stage.name())) {
            assertEquals(0, stage.name().equals("nc") ? 0 : candidate.mc() % candidate.mr(), candidate::toString);
            assertEquals(0, stage.name().equals("mc") ? 0 : candidate.nc() % candidate.nr(), candidate::toString);
        }
    }
}
