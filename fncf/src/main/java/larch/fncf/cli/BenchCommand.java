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
import larch.fncf.bench.BenchmarkSuite;
import larch.fncf.bench.BenchmarkSuite.BenchmarkException;
import larch.fncf.bench.BenchmarkSuite.Report;
import larch.fncf.bench.BenchmarkSuite.Request;
import larch.fncf.bench.BenchmarkSuite.Subject;
import larch.fncf.experiment.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `larch bench`.
@Command(name = "bench", sortOptions = false, usageHelpWidth = 100,
        description = {"Measure how fast Larch is on this machine.",
            "GFLOP/s beside the FMA peak that is measured in the same run, samples per second, bytes allocated; every",
            "benchmark verifies its result first. The rows are explained in bench/README.md."},
        footerHeading = "%nExample:%n", footer = {"  ./larch bench --quick", "  ./larch bench gemm --json gemm.json --plots plots"})
final class BenchCommand extends LarchCommand {
    private static final String PEERS = "--peers";
    /// Where the launcher says that the checkout is.
    private static final String ROOT_PROPERTY = "larch.root";

    private final Iterable<BenchmarkSuite> suites;

    @Parameters(arity = "0..1", paramLabel = "SUBJECT", defaultValue = "all",
            description = "gemm (matrix products), kernels (element-wise chains, softmax, rows, random numbers, Adam), step"
                    + " (training steps and epochs), evaluation, attack, or all (default: ${DEFAULT-VALUE}).")
    private String subject;

    @Option(names = "--quick", description = "Only the headline rows, one JVM each, in less than a minute;"
            + " without it every row, three JVMs each, about half an hour for all.")
    private boolean quick;

    @Option(names = PEERS, description = "Also measure other libraries, as far as bench/peers finds them.")
    private boolean peers;

    @Option(names = "--plots", paramLabel = "DIR", description = "Also draw the results, as SVG files in this folder.")
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
        json.requireWritable();
        Path folder = plots == null ? null : OutputFile.path("--plots", plots);
        if (folder != null) {
            OutputFile.requireWritable("--plots", folder);
        }
        Request request = new Request(chosen, quick, peers ? peersProgram() : null, dump.folder());
        Report report = measure(request);
        ObjectNode object = JsonOption.object("bench");
        object.put("date", LocalDate.now(ZoneOffset.UTC).toString()).put("flags", Machine.jvmFlags()).put("cpu", Machine.cpu())
                .put("os", Machine.os()).put("quick", quick);
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
