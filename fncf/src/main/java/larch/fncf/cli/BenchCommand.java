package larch.fncf.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import larch.backend.Backends;
import larch.fncf.bench.BenchmarkSuite;
import larch.fncf.bench.BenchmarkSuite.BenchmarkException;
import larch.fncf.bench.BenchmarkSuite.Report;
import larch.fncf.bench.BenchmarkSuite.Request;
import larch.fncf.bench.BenchmarkSuite.Subject;
import larch.fncf.bench.BenchmarkSuite.Target;
import larch.fncf.experiment.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `larch bench`.
@Command(name = "bench", sortOptions = false, usageHelpWidth = 100,
        description = {"Measure how fast Larch is on this machine.",
            "GFLOP/s beside the FMA peak that is measured in the same run, samples per second, bytes allocated;",
            "every benchmark verifies its result first. The rows are explained in bench/README.md."},
        footerHeading = "%nExample:%n", footer = {"  ./larch bench --quick", "  ./larch bench gemm --json gemm.json --plots plots",
            "  ./larch bench gemm --backend opencl --kernel-times"})
final class BenchCommand extends LarchCommand {
    private static final String PEERS = "--peers";
    private static final String PLOTS = "--plots";
    private static final String BACKEND = "--backend";
    private static final List<Subject> ON_DEVICES = List.of(Subject.GEMM, Subject.STEP, Subject.ATTACK, Subject.ALL);
    /// Where the launcher says that the checkout is.
    private static final String ROOT_PROPERTY = "larch.root";

    private final Iterable<BenchmarkSuite> suites;

    @Parameters(arity = "0..1", paramLabel = "SUBJECT", defaultValue = "all",
            description = "gemm (matrix products), kernels (element-wise chains, softmax, rows, random numbers, Adam), step"
                    + " (training steps and epochs), evaluation, attack, or all (default: ${DEFAULT-VALUE}). On a device: gemm,"
                    + " step, attack, or all of these.")
    private String subject;

    @Option(names = "--quick", description = "Only the headline rows, one JVM each (two on a device), in less than a minute;"
            + " without it every row, three JVMs each, about half an hour for all.")
    private boolean quick;

    @Option(names = PEERS, description = "Also measure other libraries, as far as bench/peers finds them (simd).")
    private boolean peers;

    @Option(names = BACKEND, paramLabel = "NAME", defaultValue = Target.SIMD,
            description = "What computes: simd, or opencl for a device. Its rows show the kernels beside the device's own"
                    + " peak, the whole call, and the first call, which builds the kernels (default: ${DEFAULT-VALUE}).")
    private String backend;

    @Mixin
    private DeviceOption device;

    @Mixin
    private KernelTimesOption kernelTimes;

    @Option(names = PLOTS, paramLabel = "DIR", description = "Also draw the results, as SVG files in this folder (simd).")
    private String plots;

    @Mixin
    private DumpOption dump;

    @Mixin
    private JsonOption json;

    @Mixin
    private QuietOption quiet;

    /// @param console where it speaks
    /// @param suites  the benchmarks; none in the laboratory's own jar
    BenchCommand(Console console, Iterable<BenchmarkSuite> suites) {
        super(console);
        this.suites = suites;
    }

    @Override
    void run() throws IOException {
        quiet.apply(console());
        Subject chosen = chosen();
        Target target = target(chosen);
        json.requireWritable();
        Path folder = plots == null ? null : OutputFile.path(PLOTS, plots);
        if (folder != null) {
            OutputFile.requireWritable(PLOTS, folder);
        }
        Request request = new Request(chosen, quick, peers ? peersProgram() : null, dump.folder(), target);
        Report report = measure(request);
        ObjectNode object = JsonOption.object("bench");
        object.put("date", LocalDate.now(ZoneOffset.UTC).toString()).put("flags", Machine.jvmFlags()).put("cpu", Machine.cpu())
                .put("os", Machine.os()).put("quick", quick);
        object.put("backend", target.backend());
        object.setAll(new ObjectMapper().<ObjectNode>valueToTree(report.json()));
        String head = VersionCommand.line() + " on " + Machine.cpu() + "\n" + Provenance.jvm() + " " + Machine.jvmFlags() + "\n";
        json.publish(console(), head + report.text(), object);
        if (folder != null) {
            for (Map.Entry<String, String> plot : report.plots().entrySet()) {
                OutputFile.write(folder.resolve(plot.getKey()), plot.getValue());
            }
        }
    }

    private Subject chosen() {
        List<String> words = Arrays.stream(Subject.values()).map(Subject::word).toList();
        int index = words.indexOf(subject);
        if (index < 0) {
            throw UserError.of("bench", "expected one of " + String.join(", ", words) + ", got '" + subject + "'"
                    + Suggest.forWord(subject, words));
        }
        return Subject.values()[index];
    }

    /// Nothing that was asked for is left out without a word.
    private Target target(Subject chosen) {
        List<String> known = List.of(Target.SIMD, Target.OPENCL);
        if (!known.contains(backend)) {
            throw UserError.of(BACKEND, "expected one of " + String.join(", ", known) + ", got '" + backend + "'"
                    + Suggest.forWord(backend, known));
        }
        Target target = new Target(backend, device.selector(), kernelTimes.isGiven());
        if (!target.isDevice() && (device.isGiven() || kernelTimes.isGiven())) {
            throw DeviceOption.refusal(device.isGiven() ? DeviceOption.NAME : KernelTimesOption.NAME);
        }
        if (target.isDevice() && !ON_DEVICES.contains(chosen)) {
            throw UserError.of("bench", "the subject " + chosen.word() + " has no rows for " + Target.OPENCL + "; choose "
                    + String.join(", ", ON_DEVICES.stream().map(Subject::word).toList()));
        }
        String unknown = !target.isDevice() ? null : peers ? PEERS : plots != null ? PLOTS : dump.isGiven() ? DumpOption.NAME : null;
        if (unknown != null) {
            throw UserError.of(unknown, "is about the processor's rows; leave it out with " + BACKEND + " " + Target.OPENCL);
        }
        if (target.isDevice()) {
            Backends.require(target.backend());
        }
        return target;
    }

    private Path peersProgram() {
        String root = System.getProperty(ROOT_PROPERTY);
        if (root == null) {
            throw UserError.of(PEERS, "the peers lie in bench/peers of a checkout; run ./larch bench there");
        }
        Path program = Path.of(root, "bench", "peers", "run");
        if (!Files.isExecutable(program)) {
            throw UserError.of(PEERS, "there is no program " + program);
        }
        return program;
    }

    private Report measure(Request request) {
        for (BenchmarkSuite suite : suites) {
            try (Progress progress = console().progress("bench", "rows")) {
                return suite.run(request, progress::at);
            } catch (BenchmarkException failure) {
                throw new Failure("bench: " + failure.getMessage(), failure);
            }
        }
        throw UserError.of("bench", "this jar has no benchmarks in it; run ./larch bench in a checkout of Larch");
    }
}
