package larch.fncf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import larch.backend.BackendOptions;
import larch.backend.simd.SimdTuning;
import larch.machine.PeakFlops;
import larch.tuner.GemmTuner;
import larch.tuner.TimeBox;
import larch.tuner.TuneReport;
import larch.tuning.MachineKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch tune`.
@Command(name = "tune", sortOptions = false, usageHelpWidth = 100,
        description = {"Find the fastest tiles and blocks of matrix products for this machine.",
            "Candidates are checked first and then measured next to each other; one that is faster than",
            "what ships by more than noise is kept in this machine's file, which every command takes from",
            "then on. Results stay the same, bit by bit. Run it on an idle machine; a run that ends early",
            "goes on where it was."},
        footerHeading = "%nExample:%n", footer = {"  ./larch tune", "  ./larch tune --minutes 10 --json tune.json"})
final class TuneCommand extends LarchCommand {
    private static final String MINUTES = "--minutes";
    private static final String VECTOR_BITS = "--vector-bits";
    private static final String THREADS = "--threads";
    private static final String FILE = "--file";

    @Option(names = MINUTES, paramLabel = "N", defaultValue = "3",
            description = "Begin nothing new after so long (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = VECTOR_BITS, paramLabel = "BITS",
            description = "SIMD width: 128, 256 or 512 (default: the machine's preferred one). Each has a file of its own.")
    private Integer vectorBits;

    @Option(names = THREADS, paramLabel = "N", description = "Threads that products may take (default: all processors).")
    private Integer threads;

    @Option(names = FILE, paramLabel = "FILE", description = "Keep the findings there, for --tuning FILE of other commands"
            + " (default: this machine's file, see devices).")
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
        Path place = place(key);
        if (reset) {
            Files.deleteIfExists(place);
        }
        console().note("tuning " + key.vectorBits() + "-bit products for at most " + minutes + " min; " + place);
        TuneReport report = search(GemmTuner.of(key, SimdTuning.kernels(key.vectorBits(), kernels), team), place);
        TuneText text = new TuneText(report, key, place);
        json.publish(console(), text.text(), text.json());
    }

    private Path place(MachineKey key) {
        Path place = file == null ? SimdTuning.file(key.vectorBits()) : OutputFile.path(FILE, file);
        if (place.getFileName() == null || Files.isDirectory(place)) {
            throw UserError.of(FILE, "expected a file, got the folder " + place + "; add a file name");
        }
        OutputFile.requireWritable(FILE, place.toAbsolutePath().getParent());
        return place;
    }

    private TuneReport search(GemmTuner tuner, Path place) {
        TimeBox time = new TimeBox(Duration.ofMillis((long) (minutes * 60_000)));
        try (Progress progress = console().progress("tune", "s")) {
            return tuner.run(place, time, new GemmTuner.Listener() {
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
