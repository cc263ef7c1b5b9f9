package larch.fncf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import larch.backend.BackendOptions;
import larch.backend.Backends;
import larch.backend.simd.SimdTuning;
import larch.gemm.GemmTuning;
import larch.machine.Cpu;
import larch.machine.PeakFlops;
import larch.tuner.DeviceTuner;
import larch.tuner.GemmTuner;
import larch.tuner.StagedSearch;
import larch.tuner.TimeBox;
import larch.tuner.TuneReport;
import larch.tuning.MachineKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch tune`.
@Command(name = "tune", sortOptions = false, usageHelpWidth = 100,
        description = {"Find the fastest matrix products for this machine, or for an OpenCL device.",
            "For the processor that is tiles and blocks; for a device, which kernels, their tiles, and for which",
            "sizes. Candidates are checked first and then measured next to each other; one that is faster than",
            "what ships by more than noise is kept in the machine's or the device's file, which every command",
            "takes from then on. Results stay the same, bit by bit. Run it on an idle machine; a run that ends",
            "early goes on where it was."},
        footerHeading = "%nExample:%n", footer = {"  ./larch tune", "  ./larch tune --minutes 10 --json tune.json",
            "  ./larch tune --backend opencl"})
final class TuneCommand extends LarchCommand {
    private static final String MINUTES = "--minutes";
    private static final String VECTOR_BITS = "--vector-bits";
    private static final String THREADS = "--threads";
    private static final String FILE = "--file";
    private static final String BACKEND = "--backend";
    private static final String SIMD = "simd";

    @Option(names = MINUTES, paramLabel = "N", defaultValue = "3",
            description = "Begin nothing new after so long (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = VECTOR_BITS, paramLabel = "BITS",
            description = "SIMD width: 128, 256 or 512 (default: the machine's preferred one). Each has a file of its own"
                    + " (simd).")
    private Integer vectorBits;

    @Option(names = BACKEND, paramLabel = "NAME", description = "What to tune: simd, or opencl for a device (default: simd, or"
            + " opencl if --device is given).")
    private String backend;

    @Mixin
    private DeviceOption device;

    @Option(names = THREADS, paramLabel = "N", description = "Threads that products may take (default: all processors; simd).")
    private Integer threads;

    @Option(names = FILE, paramLabel = "FILE", description = "Keep the findings there, for --tuning FILE of other commands"
            + " (default: the machine's or the device's own file, which ./larch devices names).")
    private String file;

    @Option(names = "--reset", description = "Forget what was measured before.")
    private boolean reset;

    @Mixin
    private DumpOption dump;

    @Mixin
    private JsonOption json;

    @Mixin
    private QuietOption quiet;

    TuneCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        quiet.apply(console());
        if (!(minutes > 0 && minutes <= 24 * 60)) {
            throw UserError.of(MINUTES, "expected more than 0 and at most 1440, got " + minutes);
        }
        if (tunesDevice()) {
            tuneDevice();
        } else {
            tuneProcessor();
        }
    }

    /// Nothing that was asked for is left out without a word.
    private boolean tunesDevice() {
        List<String> known = List.of(SIMD, DeviceOption.OPENCL);
        if (backend != null && !known.contains(backend)) {
            throw UserError.of(BACKEND, "expected one of " + String.join(", ", known) + ", got '" + backend + "'"
                    + Suggest.forWord(backend, known));
        }
        if (SIMD.equals(backend) && device.isGiven()) {
            throw DeviceOption.refusal(DeviceOption.NAME);
        }
        boolean tunesDevice = device.isGiven() || DeviceOption.OPENCL.equals(backend);
        String unknown = !tunesDevice ? null : vectorBits != null ? VECTOR_BITS : threads != null ? THREADS
                : dump.isGiven() ? DumpOption.NAME : null;
        if (unknown != null) {
            throw UserError.of(unknown, "is about the processor's kernels; leave it out when tuning a device");
        }
        return tunesDevice;
    }

    private void tuneDevice() throws IOException {
        Backends.require(DeviceOption.OPENCL);
        DeviceTuner tuner = DeviceTuner.installed().filter(each -> each.kind().equals(DeviceOption.OPENCL)).findFirst()
                .orElseThrow(() -> UserError.of(BACKEND, "this jar has no " + DeviceOption.OPENCL + " in it"));
        json.requireWritable();
        try (DeviceTuner.Session session = tuner.open(device.selector())) {
            Path place = place(tuner.file(device.selector()));
            String name = String.join(", ", session.key().entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
            console().note("tuning products of the device " + name + ", for at most " + minutes + " min; " + place);
            TuneReport<Map<String, String>> report = search((time, listener) -> session.run(place, time, listener));
            publish(new TuneText(report, "tuning of the device " + name + ": share of its FMA peak",
                    Map.of(DeviceOption.OPENCL + "_device", session.key()), place));
        }
    }

    private void tuneProcessor() throws IOException {
        BackendOptions defaults = UserError.guard("LARCH_JAVA_OPTS", BackendOptions::fromSystemProperties);
        int team = threads == null ? defaults.threads() : UserError.atLeast(THREADS, threads, 1);
        int bits = vectorBits == null ? defaults.vectorBits()
                : UserError.guard(VECTOR_BITS, () -> defaults.withVectorBits(vectorBits)).vectorBits();
        MachineKey key = SimdTuning.key(bits);
        if (!PeakFlops.availableBits().contains(key.vectorBits())) {
            throw UserError.of(VECTOR_BITS, "this machine has no vectors of " + key.vectorBits() + " bits; choose from "
                    + PeakFlops.availableBits());
        }
        json.requireWritable();
        Path kernels = dump.folder();
        Path place = place(SimdTuning.file(key.vectorBits()));
        console().note("tuning " + key.vectorBits() + "-bit products for at most " + minutes + " min; " + place);
        GemmTuner tuner = GemmTuner.of(key, SimdTuning.kernels(key.vectorBits(), kernels), team);
        TuneReport<Map<String, Long>> report = search((time, listener) -> tuner.run(place, time, listener)).as(GemmTuning::numbers);
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("cpu", Cpu.model());
        parts.put("vector_bits", key.vectorBits());
        parts.put("kernels", key.kernels());
        publish(new TuneText(report, "tuning of " + key.cpu() + ", " + key.vectorBits() + "-bit vectors, Java " + key.java()
                + ": share of one core's FMA peak", parts, place));
    }

    private void publish(TuneText text) throws IOException {
        json.publish(console(), text.text(), text.json());
    }

    /// @param usual where the findings are looked for
    /// @return where they go, free of what is to be forgotten
    private Path place(Path usual) throws IOException {
        Path place = file == null ? usual : OutputFile.path(FILE, file);
        if (place.getFileName() == null || Files.isDirectory(place)) {
            throw UserError.of(FILE, "expected a file, got the folder " + place + "; add a file name");
        }
        OutputFile.requireWritable(FILE, place.toAbsolutePath().getParent());
        if (reset) {
            Files.deleteIfExists(place);
        }
        return place;
    }

    private <T> TuneReport<T> search(BiFunction<TimeBox, StagedSearch.Listener, TuneReport<T>> tuner) {
        TimeBox time = new TimeBox(Duration.ofMillis((long) (minutes * 60_000)));
        try (Progress progress = console().progress("tune", "s")) {
            return tuner.apply(time, new StagedSearch.Listener() {
                @Override
                public void progressed() {
                    progress.at(time.elapsed().toSeconds(), (long) (minutes * 60));
                }

                @Override
                public void ended(TuneReport.Stage stage) {
                    console().note(TuneText.line(stage));
                }
            });
        }
    }
}
