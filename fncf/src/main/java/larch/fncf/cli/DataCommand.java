package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import larch.fncf.data.DataOptions;
import larch.fncf.data.DataStatistics;
import larch.fncf.data.Dataset;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.Field;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.data.Split;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `larch data`.
@Command(name = "data", sortOptions = false, usageHelpWidth = 100, synopsisSubcommandLabel = "[COMMAND]",
        commandListHeading = "%nCommands:%n",
        description = "Show a data set's statistics and check them against the published ones.",
        footerHeading = "%nExample:%n",
        footer = {"  ./larch data --data ml-1m", "  ./larch data --data ml-100k --data-option data.tie=first"})
final class DataCommand extends LarchCommand {
    @Mixin
    private DataChoice data;

    @Mixin
    private DataOptionChoice dataOptions;

    @Mixin
    private SeedOption seed;

    @Mixin
    private JsonOption json;

    DataCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        dataOptions.refuseNegatives();
        DataOptions options = dataOptions.options();
        json.requireWritable();
        Dataset dataset = data.open(options, console());
        Split split = LeaveOneOut.split(dataset, options, seed.orElse(1));
        EvalCandidates test = EvalCandidates.of(dataset, split, EvalCandidates.Part.TEST, seed.orElse(1));
        DataStatistics statistics = DataStatistics.of(dataset, split, test);
        // The published numbers of items are those of rated items.
        List<DataStatistics.Check> checks = options.items() == DataOptions.Items.RATED ? statistics.checks() : List.of();
        ObjectNode object = JsonOption.object("data");
        put(object, statistics, dataset, test);
        ArrayNode list = object.putArray("checks");
        checks.forEach(check -> list.addObject().put("what", check.what()).put("expected", check.expected())
                .put("got", check.got()).put("passed", check.passed()));
        json.publish(console(), text(statistics, dataset, test) + text(checks), object);
        if (!checks.stream().allMatch(DataStatistics.Check::passed)) {
            throw new Failure("data: " + dataset.name() + " is not the published data set; take the one from GroupLens"
                    + " (`larch data fetch`), or mind the difference");
        }
    }

    private static String text(DataStatistics s, Dataset dataset, EvalCandidates test) {
        return String.format(Locale.ROOT, """
                %s
                  users         %,d
                  items         %,d
                  interactions  %,d (density %.2f%%)
                  per user      %d to %d, median %.1f
                  tied latest   %,d users (mean %.1f ratings, most %d): data.tie decides which is the test item
                  training      %,d pairs
                  test          %,d users; ranking by popularity: HR@10 %.4f, NDCG@10 %.4f
                  user features %s
                  item features %s
                  data SHA-256        %s
                  candidates SHA-256  %s
                """, s.name(), s.users(), s.items(), s.interactions(), 100 * s.density(), s.perUserMin(), s.perUserMax(),
                s.perUserMedian(), s.tiedUsers(), s.tieMean(), s.tieMax(), s.trainPairs(), s.evaluated(), s.popularityHr10(),
                s.popularityNdcg10(), words(s.userFields()), words(s.itemFields()), dataset.sha256(), test.sha256());
    }

    private static String words(List<Field> fields) {
        return fields.isEmpty() ? "none" : fields.stream()
                .map(f -> f.name() + " " + f.kind().name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + f.width())
                .collect(Collectors.joining(", "));
    }

    private static String text(List<DataStatistics.Check> checks) {
        return checks.stream().map(c -> String.format(Locale.ROOT, "  %s %s: published %,d, found %,d%n",
                c.passed() ? "ok     " : "DIFFERS", c.what(), c.expected(), c.got())).collect(Collectors.joining());
    }

    private static void put(ObjectNode json, DataStatistics s, Dataset dataset, EvalCandidates test) {
        json.put("name", s.name()).put("note", dataset.note()).put("sha256", dataset.sha256())
                .put("candidates_sha256", test.sha256()).put("users", s.users()).put("items", s.items())
                .put("interactions", s.interactions()).put("density", s.density()).put("per_user_min", s.perUserMin())
                .put("per_user_median", s.perUserMedian()).put("per_user_max", s.perUserMax())
                .put("tied_users", s.tiedUsers()).put("tie_mean", s.tieMean()).put("tie_max", s.tieMax())
                .put("train_pairs", s.trainPairs()).put("test_users", s.evaluated())
                .put("popularity_hr@10", s.popularityHr10()).put("popularity_ndcg@10", s.popularityNdcg10());
    }
}
