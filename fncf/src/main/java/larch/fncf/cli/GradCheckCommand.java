package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import larch.autodiff.GradCheck;
import larch.backend.Backend;
import larch.fncf.experiment.Table;
import larch.op.Op;
import larch.op.OpSpec;
import larch.op.Ops;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `larch gradcheck`.
@Command(name = "gradcheck", sortOptions = false, usageHelpWidth = 100,
        description = {"Hold the gradients of all ops, or of one, against finite differences.",
            "Coordinate by coordinate: the gradients are those of the backend that is asked for, the differences",
            "those of the reference backend, which computes in double precision."},
        footerHeading = "%nExample:%n", footer = {"  ./larch gradcheck", "  ./larch gradcheck matmul --backend reference"})
final class GradCheckCommand extends LarchCommand {
    /// Extents of a signature's symbols: different ones, so that a swapped pair shows.
    private static final int[] SIZES = {5, 3, 4, 6, 2, 7};

    @Parameters(arity = "0..1", paramLabel = "OP", description = "Name of an op (default: all of them).")
    private String name;

    @Mixin
    private SeedOption seed;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private JsonOption json;

    GradCheckCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        json.requireWritable();
        List<String> names = Ops.ALL.stream().map(OpSpec::name).distinct().toList();
        if (name != null && !names.contains(name)) {
            throw UserError.of("gradcheck", "there is no op '" + name + "'" + Suggest.nearest(name, names)
                    .map(near -> "; did you mean " + near + "?").orElse("; there are " + String.join(", ", names)));
        }
        engine.compute(console(), this::check);
    }

    private void check(Backend backend) throws IOException {
        ObjectNode object = JsonOption.object("gradcheck");
        object.put("seed", seed.orElse(1)).put("backend", backend.describe());
        ArrayNode list = object.putArray("ops");
        List<List<String>> rows = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (OpSpec spec : Ops.ALL) {
            if (name == null || spec.name().equals(name)) {
                GradCheck.Report report = check(backend, spec, rows, list);
                if (!report.passed()) {
                    failed.add(report.toString());
                }
            }
        }
        Table table = new Table("gradcheck", "gradients against finite differences, worst coordinate of each op",
                List.of("op", "shapes", "analytic", "numeric", "error", "allowed", "verdict"), rows);
        json.publish(console(), table.toText(), object);
        if (!failed.isEmpty()) {
            throw new Failure("gradcheck: " + String.join("; ", failed));
        }
    }

    private GradCheck.Report check(Backend backend, OpSpec spec, List<List<String>> rows, ArrayNode list) {
        Draws draws = Rng.of(seed.orElse(1)).stream("gradcheck/" + spec.name()).draws();
        Map<String, Integer> extents = extents(spec);
        Op op = spec.make().apply(extents, draws);
        Tensor[] inputs = spec.sampleInputs(extents, draws);
        GradCheck.Report report = GradCheck.check(backend, op, inputs);
        String shapes = Arrays.stream(inputs).map(input -> input.shape().toString()).collect(Collectors.joining(" "));
        // Without any error there is no worst coordinate to show.
        boolean exact = report.error() == 0;
        rows.add(List.of(spec.name(), shapes, exact ? "-" : format("%.6f", report.analytic()),
                exact ? "-" : format("%.6f", report.numeric()), exact ? "0" : format("%.1e", report.error()),
                format("%.1e", report.tolerance()), report.passed() ? "passed" : "FAILED"));
        ObjectNode row = list.addObject().put("op", spec.name()).put("shapes", shapes);
        JsonOption.put(row, "analytic", exact ? Double.NaN : report.analytic());
        JsonOption.put(row, "numeric", exact ? Double.NaN : report.numeric());
        JsonOption.put(row, "error", report.error());
        row.put("allowed", report.tolerance()).put("passed", report.passed());
        return report;
    }

    private static String format(String pattern, double number) {
        return String.format(Locale.ROOT, pattern, number);
    }

    private static Map<String, Integer> extents(OpSpec spec) {
        Map<String, Integer> extents = new LinkedHashMap<>(Map.of("m", SIZES[0], "n", SIZES[1]));
        for (String symbol : spec.signature().toString().split("[^a-z]+")) {
            if (!symbol.isEmpty()) {
                extents.putIfAbsent(symbol, SIZES[extents.size() % SIZES.length]);
            }
        }
        return extents;
    }
}
