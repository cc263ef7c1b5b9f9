package larch.opencl.tuner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import larch.device.DeviceInfo;
import larch.gemm.Transpose;
import larch.opencl.OpenClMachine;
import larch.opencl.backend.OpenClBackend;
import larch.opencl.gemm.DeviceGemm;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.GemmKernel;
import larch.opencl.gemm.GemmParams;
import larch.opencl.gemm.OpenClGemm;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.runtime.Prepared;
import larch.opencl.tuning.DeviceTuning;
import larch.opencl.tuning.InventedDevice;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import larch.tuner.DeviceTuner;
import larch.tuner.EachStep;
import larch.tuner.FakeTrial;
import larch.tuner.GemmShape;
import larch.tuner.TimeBox;
import larch.tuner.Trial;
import larch.tuner.TuneReport;
import larch.tuning.TuningChoice;
import larch.tuning.TuningException;
import larch.tuning.TuningFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The search on a device: its rules on an invented one, its measurements on a real one.
class OpenClTunerTest {
    private static final DeviceInfo CARD = InventedDevice.gpu("Card 9", "1.2");
    private static final Duration DAY = Duration.ofDays(1);
    /// It likes double buffers in tiles of 64, deep direct tiles, and thresholds of 768.
    private static final ToDoubleBiFunction<ProductStage, GemmChoice> SPEED = (stage, choice) -> switch (stage.name()) {
        case "fast" -> (choice.fast() == GemmKernel.DOUBLE_BUFFER ? 2 : 1) + (choice.fastParams().mwg() == 64 ? 0.1 : 0)
                + (choice.fastParams().nwg() == 64 ? 0.1 : 0) + choice.fastParams().items() * 1e-3 + choice.fastParams().mdimc() * 1e-4 + choice.fastParams().kwg() * 1e-2;
        case "direct" -> 1 + choice.directParams().kwg() * 1e-2 + choice.directParams().mwg() * 1e-3;
        case "wholeTilesFrom" -> choice.thresholds().wholeTilesFrom() == 768 ? 1.1 : 1;
        default -> choice.thresholds().indirectFrom() == 768 ? 1.1 : 1;
    };

    @TempDir
    private Path folder;
    private final List<String> rounds = new ArrayList<>();

    /// A device whose clock is a formula.
    private Trial trial(ProductStage stage, Map<String, GemmChoice> choices) {
        Map<String, String> refusals = new LinkedHashMap<>();
        choices.forEach((name, choice) -> {
            if (stage.name().equals("fast") && choice.fastParams().kwg() == 16) {
                refusals.put(name, "invented");
            }
        });
        return new FakeTrial((name, round) -> {
            rounds.add(stage.name() + " " + name + " " + round);
            return SPEED.applyAsDouble(stage, choices.get(name)) / (1 + round % 3);
        }, refusals);
    }

    private TuneReport<GemmChoice> search(Path file, TimeBox time, Runnable step) {
        return OpenClTuner.search(CARD, ProductSpace.stages(CARD), this::trial).run(file, time, new EachStep(step));
    }

    private static TimeBox endless() {
        return new TimeBox(DAY);
    }

    @Test
    void theFileHoldsTheWinnersAndABackendWouldTakeThem() {
        Path file = folder.resolve("f");
        TuneReport<GemmChoice> report = search(file, endless(), () -> { });
        assertTrue(report.isComplete());
        GemmChoice chosen = report.chosen();
        assertEquals(GemmKernel.DOUBLE_BUFFER, chosen.fast());
        assertEquals(new GemmParams(64, 64, 8, 16, 8, 8, 4, 4), chosen.fastParams());
        assertEquals(32, chosen.directParams().kwg());
        assertEquals(768, chosen.thresholds().wholeTilesFrom());
        assertEquals(768, chosen.thresholds().indirectFrom());
        assertEquals(chosen, DeviceTuning.of(new TuningChoice.File(file), CARD).choice());
        int before = rounds.size();
        assertEquals(report, search(file, endless(), () -> { }), "all of it is known");
        assertEquals(before, rounds.size(), "nothing is measured again");
    }

    @Test
    void aSearchThatRunsOutOfTimeGoesOnWhereItWas() {
        TuneReport<GemmChoice> whole = search(folder.resolve("whole"), endless(), () -> { });
        List<String> expected = List.copyOf(rounds);
        rounds.clear();
        Path file = folder.resolve("parts");
        int[] steps = {0};
        int runs = 0;
        while (true) {
            try {
                assertEquals(whole, search(file, endless(), () -> {
                    if (++steps[0] % 5 == 0) {
                        throw new IllegalStateException("interrupted");
                    }
                }));
                break;
            } catch (IllegalStateException interrupted) {
                runs++;
                DeviceTuning.of(new TuningChoice.File(file), CARD);
            }
        }
        assertTrue(runs > 5, runs + " interruptions");
        assertEquals(expected, rounds, "nothing twice");
    }

    @Test
    void withoutTimeNothingChanges() {
        TuneReport<GemmChoice> report = search(folder.resolve("f"), new TimeBox(Duration.ZERO), () -> { });
        assertFalse(report.isComplete());
        assertEquals(GemmChoice.SHIPPED, report.chosen());
        assertEquals(List.of(), rounds);
    }

    @Test
    void anotherDevicesOrADamagedFileIsNotContinued() throws IOException {
        Path file = folder.resolve("f");
        search(file, endless(), () -> { });
        String text = Files.readString(file);
        refused(file, text.replace("name = Card 9", "name = Card 8"), "another device");
        refused(file, text.replace("driver = 1.2", "driver = 1.1"), "another driver");
        refused(file, text.replace("direct.kwg = 32", "direct.kwg = 0"), "KWG must be >= 1");
        refused(file, text.replace("\n768 = ", "\n769 = "), "769: this program tries no such candidate");
        refused(file, text.replace("from = fast=WARP", "from = fast=NAIVE"), "from: expected 'fast=WARP ");
    }

    private void refused(Path file, String text, String part) throws IOException {
        Files.writeString(file, text);
        String message = assertThrows(TuningException.class, () -> search(file, endless(), () -> { })).getMessage();
        assertTrue(message.startsWith("tuning " + file + ", line ") && message.contains(part), message);
    }

    /// Every path, all values checked by the trial; a group too large is refused, not fatal.
    @Test
    void candidatesOfARealDeviceAreCheckedAndTimed() {
        GemmChoice small = GemmChoice.SHIPPED.withFast(GemmKernel.REGISTER, GemmParams.scalar(32, 32, 16, 8, 8))
                .withDirect(GemmParams.scalar(16, 16, 8, 8, 8));
        GemmChoice huge = small.withDirect(GemmParams.scalar(128, 128, 128, 128, 128));
        Map<String, GemmChoice> choices = new LinkedHashMap<>();
        choices.put("small", small);
        choices.put("huge", huge);
        try (OpenClRuntime opened = OpenClRuntime.open(OpenClMachine.devices().at(0), false)) {
            int before = opened.pool().liveBlocks();
            for (ProductStage.Route route : ProductStage.Route.values()) {
                ProductStage stage = new ProductStage("s", route, List.of(GemmShape.of("nn 32x64x16"), GemmShape.of("nt 9x13x7"),
                        GemmShape.of("tn 40x20x33")), _ -> "", _ -> List.of());
                try (ProductTrial trial = new ProductTrial(opened, stage, choices, 1)) {
                    assertNull(trial.refusal("small"), route::name);
                    assertTrue(trial.refusal("huge").contains("work-items in a work-group"), route::name);
                    Map<String, Double> speeds = trial.speeds(List.of("small"), 0);
                    assertTrue(speeds.get("small") > 0, speeds::toString);
                    trial.forget("small");
                }
            }
            assertEquals(before, opened.pool().liveBlocks(), "what a trial takes it gives back");
        }
    }

    /// A kernel that does nothing leaves what the trial put there.
    @Test
    void aCandidateWithWrongValuesIsRefused() {
        ProductStage stage = new ProductStage("s", ProductStage.Route.DIRECT, List.of(GemmShape.of("nn 8x8x8")), _ -> "",
                _ -> List.of());
        try (OpenClRuntime opened = OpenClRuntime.open(OpenClMachine.devices().at(0), false);
             ProductTrial trial = new ProductTrial(opened, stage, Map.of("idle", GemmChoice.SHIPPED), 1) {
                @Override
                Prepared prepare(OpenClGemm gemm, DeviceGemm product) {
                    return gemm.prepare(new DeviceGemm(0, 8, 8, 1, product.a(), product.b(), 0, product.c()));
                }
            }) {
            String why = trial.refusal("idle");
            assertTrue(why.startsWith("nn 8x8x8: wrong values: row 0 of C") && why.endsWith("got NaN"), why);
        }
    }

    /// Some seconds of the search that `larch tune` runs; what it keeps is what a backend then takes.
    @Test
    void aShortSearchOnARealDeviceKeepsAFileThatABackendTakes() {
        DeviceInfo device = OpenClMachine.devices().at(0).info();
        Path file = folder.resolve("f");
        int[] steps = {0};
        try (DeviceTuner.Session session = new OpenClTuner().open(null)) {
            TuneReport<Map<String, String>> report = session.run(file, new TimeBox(Duration.ofSeconds(4)), new EachStep(() -> steps[0]++));
            assertEquals("fast", report.stages().getFirst().name());
        }
        assertTrue(TuningFile.read(file).has("measured fast"));
        try (OpenClBackend backend = new OpenClBackend(OpenClMachine.devices().at(0), false, new TuningChoice.File(file))) {
            assertEquals("opencl: " + device.summary() + ", tuning " + file, backend.describe());
            Tensor out = backend.allocate(Shape.of(1, 1));
            backend.gemm(Transpose.NO, Transpose.NO, 1, Tensor.matrix(new float[] {2}),
                    Tensor.matrix(new float[] {3}), 0, out);
            assertEquals(6, out.toArray()[0]);
        }
    }

    /// What must be admitted is tried where it may be, as long as it has the ladder's bits.
    @Test
    void theSpaceOfNvidiaHasAsynchronousCopiesButNoTensorCores() {
        Set<GemmKernel> everywhere = kernels(CARD);
        assertEquals(Set.of(GemmKernel.WARP, GemmKernel.DOUBLE_BUFFER, GemmKernel.REGISTER), everywhere);
        Set<GemmKernel> nvidia = kernels(InventedDevice.nvidia("Card 9", "1.2"));
        assertEquals(Set.of(GemmKernel.WARP, GemmKernel.DOUBLE_BUFFER, GemmKernel.REGISTER, GemmKernel.WARP_ASYNC), nvidia);
        assertTrue(GemmKernel.exact().containsAll(nvidia));
    }

    private static Set<GemmKernel> kernels(DeviceInfo device) {
        return ProductSpace.stages(device).getFirst().candidates(GemmChoice.SHIPPED).stream().map(GemmChoice::fast)
                .collect(Collectors.toSet());
    }

    @Test
    void theSpaceKeepsTheLimitsOfTheDevice() {
        for (ProductStage stage : ProductSpace.stages(InventedDevice.nvidia("Card 9", "1.2"))) {
            List<GemmChoice> tried = stage.candidates(GemmChoice.SHIPPED);
            assertTrue(tried.size() <= 120, () -> stage.name() + ": " + tried.size());
            tried.forEach(choice -> choice.fast().require(choice.fastParams()));
        }
        for (DeviceInfo.Type type : List.of(DeviceInfo.Type.GPU, DeviceInfo.Type.CPU)) {
            for (long group : new long[] {64, 128, 1024}) {
                for (long local : new long[] {8 << 10, 48 << 10}) {
                    DeviceInfo device = InventedDevice.limited(type, group, local);
                    for (ProductStage stage : ProductSpace.stages(device)) {
                        List<GemmChoice> tried = stage.candidates(GemmChoice.SHIPPED);
                        assertTrue(tried.size() >= 1 && tried.size() <= 80, () -> stage.name() + ": " + tried.size());
                        assertEquals(tried.size(), tried.stream().map(stage::label).distinct().count(), "each has a name of its own");
                        switch (stage.name()) {
                            case "fast" -> tried.forEach(choice -> choice.fast().require(choice.fastParams(), device));
                            case "direct" -> tried.forEach(choice -> GemmKernel.DIRECT.require(choice.directParams(), device));
                            default -> { }
                        }
                    }
                }
            }
        }
    }
}
