package larch.tuner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import larch.gemm.GemmBlocking;

/// One question to the machine: which value of one number, or of a few that belong together, while the others stay.
///
/// @param name       such as `microtile`
/// @param threads    how many work on a product
/// @param shapes     what is measured
/// @param label      the name of a candidate: the numbers that this stage varies
/// @param candidates what to try in place of a blocking
record GemmStage(String name, int threads, List<GemmShape> shapes, Function<GemmBlocking, String> label,
                 Function<GemmBlocking, List<GemmBlocking>> candidates) {
    /// @param from the blocking so far
    /// @return the candidates by name, first the one so far
    Map<String, GemmBlocking> tried(GemmBlocking from) {
        Map<String, GemmBlocking> byName = new LinkedHashMap<>();
        byName.put(label.apply(from), from);
        candidates.apply(from).forEach(candidate -> byName.putIfAbsent(label.apply(candidate), candidate));
        return byName;
    }
}
