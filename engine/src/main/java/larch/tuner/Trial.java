package larch.tuner;

import java.util.List;
import java.util.Map;

/// Measures the candidates of one stage.
public interface Trial extends AutoCloseable {
    /// Makes a candidate ready and checks that it computes rightly; called before its first round of this process.
    /// @param candidate its name
    /// @return null if it may take part; else why not, in one line
    String refusal(String candidate);

    /// Measures candidates next to each other, once each.
    /// @param candidates names; each was made ready
    /// @param round      number of the round, from 0
    /// @return the speed of each, in the same unit; larger is better
    Map<String, Double> speeds(List<String> candidates, int round);

    /// Lets go of a candidate that is out of the race.
    /// @param candidate its name
    void forget(String candidate);

    @Override
    void close();
}
