package larch.bench.workload;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What the clock of a device says of one iteration, beside JMH's own figure.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class DeviceFigures {
    /// Seconds of the first operation in this JVM, on the host's clock: its kernels are built.
    public double firstSeconds;
    /// Seconds of all kernels of the iteration.
    public double kernelSeconds;
    /// Operations of the iteration.
    public double operations;

    /// For JMH.
    public DeviceFigures() {
    }
}
