package larch.tuner;

import java.util.LinkedHashMap;
import java.util.Map;

/// One question of a [StagedSearch]: which value of one number, or of a few that belong together, while the others stay.
///
/// @param <T> what is tuned
public interface SearchStage<T> {
    /// @return such as `microtile`
    String name();

    /// @param from the numbers so far
    /// @return what the candidates vary, in one line: speeds that were measured from another base mean nothing
    String base(T from);

    /// @param numbers any of the candidates
    /// @return its name: the numbers that this stage varies
    String label(T numbers);

    /// @param from the numbers so far
    /// @return what to try in their place
    Iterable<T> candidates(T from);

    /// @param from the numbers so far
    /// @return the candidates by name, first the one so far
    default Map<String, T> tried(T from) {
        Map<String, T> byName = new LinkedHashMap<>();
        byName.put(label(from), from);
        candidates(from).forEach(candidate -> byName.putIfAbsent(label(candidate), candidate));
        return byName;
    }
}
