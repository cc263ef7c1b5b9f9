package larch.fncf.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// The tables of a reproduction, with the paper's numbers beside ours where it has them.
public final class Tables {
    /// About the share of FNCF's pairs that the paper's attack breaks, for data that the paper does not have.
    private static final double USUAL_FNCF_SUCCESS = 0.75;
    private static final String NONE = "-";

    private final Results results;
    private final PaperNumbers paper = new PaperNumbers();

    private Tables(Results results) {
        this.results = results;
    }

    /// @param results what was found
    /// @return the overview, and every attack in one long table
    public static List<Table> of(Results results) {
        List<Table> all = new ArrayList<>(overview(results));
        all.add(new Tables(results).attacks());
        return all;
    }

    /// @param results what was found
    /// @return accuracy like Table III, and robustness like Table IV for each target
    public static List<Table> overview(Results results) {
        Tables tables = new Tables(results);
        List<Table> all = new ArrayList<>();
        all.add(tables.accuracy());
        results.runs().stream().flatMap(r -> r.attacks().stream()).map(Results.Attack::target).distinct()
                .forEach(target -> all.add(tables.robustness(target)));
        return all;
    }

    private record Group(String method, float sigma) {
    }

    private Map<Group, List<Results.Run>> groups() {
        Map<Group, List<Results.Run>> groups = new LinkedHashMap<>();
        for (Results.Run run : results.runs()) {
            groups.computeIfAbsent(new Group(run.method(), run.sigma()), _ -> new ArrayList<>()).add(run);
        }
        return groups;
    }

    private Table accuracy() {
        List<List<String>> rows = new ArrayList<>();
        groups().forEach((group, runs) -> rows.add(List.of(group.method(), sigma(group), Integer.toString(runs.size()),
                mean(runs, Results.Run::hitRatio), inPaper(group, "HR@10"), mean(runs, Results.Run::ndcg),
                inPaper(group, "NDCG@10"), mean(runs, Results.Run::fullHitRatio),
                String.format(Locale.ROOT, "%.0f", runs.stream().mapToDouble(Results.Run::trainSeconds).average().orElse(0)))));
        return new Table("accuracy", "Accuracy on " + results.data().name() + " (like Table III): HR@10 and NDCG@10 among 99 negatives",
                List.of("method", "sigma", "seeds", "HR@10", "paper", "NDCG@10", "paper", "HR@10 all items", "train s"), rows);
    }

    private Table robustness(String target) {
        Float c = constantNearestToPaper(target);
        List<List<String>> rows = new ArrayList<>();
        groups().forEach((group, runs) -> {
            List<Results.Attack> fixed = attacks(runs, target, "paper", c);
            List<Results.Attack> strong = attacks(runs, target, "strong", null);
            List<Results.Attack> unbounded = attacks(runs, target, "unbounded", null);
            rows.add(List.of(group.method(), sigma(group),
                    meanOf(fixed, Results.Attack::rawSuccess), inPaper(group, "success_rate"),
                    meanOf(fixed, Results.Attack::trivial), meanOf(fixed, Results.Attack::conditional),
                    meanOf(fixed, Results.Attack::l2MeanAll), inPaper(group, "L2_distortion"),
                    meanOf(strong, Results.Attack::conditional), meanOf(strong, Results.Attack::l2Median),
                    meanOf(unbounded, Results.Attack::conditional), meanOf(unbounded, Results.Attack::l2Median)));
        });
        return new Table("robustness-" + target.replace('+', '-'), "Carlini & Wagner on " + target + " features of " + results.data().name()
                + " (like Table IV): paper mode at c = " + (c == null ? NONE : c) + ", the constant of the grid at which FNCF's success"
                + " is nearest to the paper's; strong mode searches c for each pair, unbounded mode also leaves the box [0,1]",
                List.of("method", "sigma", "success", "paper", "trivial", "conditional", "L2 mean", "paper", "strong success",
                        "strong L2 median", "unbounded success", "unbounded L2 median"), rows);
    }

    private Table attacks() {
        List<List<String>> rows = new ArrayList<>();
        for (Results.Run run : results.runs()) {
            for (Results.Attack a : run.attacks()) {
                rows.add(List.of(run.method(), Float.toString(run.sigma()), Long.toString(run.seed()), a.target(), a.mode(),
                        a.c() == null ? NONE : a.c().toString(), Integer.toString(a.n()), number(a.rawSuccess()),
                        number(a.trivial()), number(a.conditional()), number(a.l2Mean()), number(a.l2Median()),
                        number(a.l2MeanAll())));
            }
        }
        return new Table("attacks", "Every attack", List.of("method", "sigma", "seed", "target", "mode", "c", "n", "raw_success",
                "trivial", "conditional_success", "l2_mean", "l2_median", "l2_mean_with_trivial"), rows);
    }

    // The paper names no c (docs/decisions.md): take the one at which FNCF itself breaks as often as in the paper.
    private Float constantNearestToPaper(String target) {
        double wanted = paper.find(results.data().name(), "FNCF", "success_rate", 0).orElse(USUAL_FNCF_SUCCESS);
        List<Results.Run> fncf = results.runs().stream().filter(r -> r.method().equals("FNCF")).toList();
        List<Results.Run> basis = fncf.isEmpty() ? results.runs() : fncf;
        return basis.stream().flatMap(r -> r.attacks().stream()).filter(a -> a.target().equals(target) && a.c() != null)
                .map(Results.Attack::c).distinct()
                .min(Comparator.comparingDouble(c -> Math.abs(attacks(basis, target, "paper", c).stream()
                        .map(Results.Attack::rawSuccess).filter(Objects::nonNull).mapToDouble(Double::doubleValue).average().orElse(0) - wanted)))
                .orElse(null);
    }

    private static List<Results.Attack> attacks(List<Results.Run> runs, String target, String mode, Float c) {
        return runs.stream().flatMap(r -> r.attacks().stream())
                .filter(a -> a.target().equals(target) && a.mode().equals(mode) && Objects.equals(a.c(), c)).toList();
    }

    private String inPaper(Group group, String metric) {
        OptionalDouble value = paper.find(results.data().name(), group.method(), metric, group.sigma());
        return value.isPresent() ? number(value.getAsDouble()) : NONE;
    }

    private static String sigma(Group group) {
        return Float.toString(group.sigma());
    }

    private static <T> String mean(List<T> values, ToDoubleFunction<T> number) {
        return summary(values.stream().mapToDouble(number).toArray());
    }

    private static <T> String meanOf(List<T> values, Function<T, Double> number) {
        return summary(values.stream().map(number).filter(Objects::nonNull).mapToDouble(Double::doubleValue).toArray());
    }

    /// The mean, and with several seeds their standard deviation.
    private static String summary(double[] values) {
        if (values.length == 0) {
            return NONE;
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        if (values.length == 1) {
            return number(mean);
        }
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return number(mean) + " ±" + number(Math.sqrt(squares / (values.length - 1)));
    }

    private static String number(Double value) {
        return value == null || value.isNaN() ? NONE : String.format(Locale.ROOT, "%.4f", value);
    }
}
