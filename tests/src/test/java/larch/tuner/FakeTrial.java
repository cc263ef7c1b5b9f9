package larch.tuner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/// A machine whose speeds are a formula.
public final class FakeTrial implements Trial {
    private final ToDoubleBiFunction<String, Integer> speed;
    private final Map<String, String> refusals;
    /// What was measured, such as `3: a b c`.
    final List<String> rounds = new ArrayList<>();

    /// @param speed    of a candidate in a round
    /// @param refusals candidates that may not take part, and why
    public FakeTrial(ToDoubleBiFunction<String, Integer> speed, Map<String, String> refusals) {
        this.speed = speed;
        this.refusals = refusals;
    }

    @Override
    public String refusal(String candidate) {
        return refusals.get(candidate);
    }

    @Override
    public Map<String, Double> speeds(List<String> candidates, int round) {
        rounds.add(round + ": " + String.join(" ", candidates));
        Map<String, Double> speeds = new LinkedHashMap<>();
        candidates.forEach(name -> speeds.put(name, speed.applyAsDouble(name, round)));
        return speeds;
    }

    @Override
    public void forget(String candidate) {
    }

    @Override
    public void close() {
    }
}
