package larch.opencl.probe;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// For which processor the driver's own compiler writes code, read from its log and from the PTX that it
/// hands out.
final class CompilerTarget {
    private static final Pattern TARGET = Pattern.compile("sm_\\d+[a-z]?");
    private static final Pattern HEADER = Pattern.compile("(?m)^\\.(?:version|target) .*$");

    private CompilerTarget() {}

    static List<Probe> probes() {
        return List.of(Probe.ofNvidia("E1.target", "does the driver compile for an architecture-specific target"
                + " (sm_90a), which wgmma and much shared memory need?", CompilerTarget::target));
    }

    private static Finding target(ProbeBench bench) {
        ProbeProgram program = bench.build("axpy.cl", "-cl-nv-verbose");
        String ptx = new String(program.binary(), StandardCharsets.UTF_8);
        String header = String.join("; ", HEADER.matcher(ptx).results().map(found -> found.group().strip()).toList());
        Matcher named = TARGET.matcher(program.log());
        String compiled = named.find() ? named.group() : "not named";
        Finding found = compiled.endsWith("a") || header.contains("sm_90a")
                ? Finding.yes("compiled for " + compiled + "; its PTX says " + header)
                : Finding.no("compiled for " + compiled + "; its PTX says " + header);
        return found.keeping("// build log: " + program.log().replace("\n", "\n// ") + "\n" + ptx);
    }
}
