package larch.tuner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmTuning;

/// A stage of [GemmTuner].
///
/// @param name    such as `microtile`
/// @param threads how many work on a product
/// @param shapes  what is measured
/// @param labels  the name of a candidate
/// @param trying  what to try in place of a blocking
record GemmStage(String name, int threads, List<GemmShape> shapes, Function<GemmBlocking, String> labels,
                 Function<GemmBlocking, List<GemmBlocking>> trying) implements SearchStage<GemmBlocking> {
    @Override
    public String base(GemmBlocking from) {
        Map<String, Long> numbers = new LinkedHashMap<>(GemmTuning.numbers(from));
        return String.join(" ", numbers.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList())
                + " threads=" + threads;
    }

    @Override
    public String label(GemmBlocking blocking) {
        return labels.apply(blocking);
    }

    @Override
    public List<GemmBlocking> candidates(GemmBlocking from) {
        return trying.apply(from);
    }
}
