package larch.opencl.probe;

import java.util.List;
import java.util.stream.Stream;

/// All probes, in the order in which their answers are wanted.
public final class Probes {
    private Probes() {}

    /// @return every probe; an id begins with its experiment, `E0` to `E6`
    public static List<Probe> all() {
        return Stream.of(Ceilings.probes(), CompilerTarget.probes(), LocalMemoryLimit.probes(), WarpInstructions.probes(),
                WarpgroupProduct.probes(), BinaryProgram.probes(), LaunchCost.probes()).flatMap(List::stream).toList();
    }

    /// @param experiment as in `E2`
    /// @return the probes of one experiment
    /// @throws IllegalArgumentException if there is none
    public static List<Probe> of(String experiment) {
        List<Probe> probes = all().stream().filter(probe -> probe.id().startsWith(experiment + ".")).toList();
        if (probes.isEmpty()) {
            throw new IllegalArgumentException("probe: expected an experiment from E0 to E6, got '" + experiment + "'");
        }
        return probes;
    }
}
