package larch.opencl.probe;

import larch.opencl.OpenClDevice;
import larch.opencl.OpenClException;
import org.jocl.CLException;

/// One question to a device, answered by a small experiment whose values are checked.
/// @param id the experiment and the case, as in `E2.static-64K`
/// @param question what is asked
/// @param timed whether the device times its commands, which can make them slower to launch
/// @param check the experiment
public record Probe(String id, String question, boolean timed, Check check) {
    /// An experiment on an opened device. It may throw what a refusing driver makes it throw: that is a "no".
    @FunctionalInterface
    public interface Check {
        /// @param bench the opened device
        /// @return the answer
        Finding run(ProbeBench bench);
    }

    /// A probe whose commands are timed.
    Probe(String id, String question, Check check) {
        this(id, question, true, check);
    }

    /// A probe of what only NVIDIA's driver has; for other devices its answer is fixed.
    static Probe ofNvidia(String id, String question, Check check) {
        return new Probe(id, question, bench -> bench.isNvidia() ? check.run(bench)
                : Finding.notApplicable("vendor " + bench.info().vendor() + ": PTX is NVIDIA's"));
    }

    /// Runs the experiment in a context of its own.
    /// @param device the device
    /// @return the answer; a driver's refusal is a "no" with the reason
    public Finding run(OpenClDevice device) {
        try (var bench = new ProbeBench(device, timed)) {
            return check.run(bench);
        } catch (OpenClException | CLException e) {
            return Finding.no(firstLines(e.getMessage())).keeping(e.getMessage());
        }
    }

    /// The first line of a build error only names the program; the reason comes in the next.
    private static String firstLines(String message) {
        return String.join(" | ", message.lines().map(String::strip).filter(line -> !line.isEmpty()).limit(3).toList());
    }
}
