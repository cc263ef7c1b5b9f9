package larch.opencl.runtime;

import static org.jocl.CL.*;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClException;
import org.jocl.CLException;
import org.jocl.cl_event;

/// How long the kernels took on a device that was opened with profiling, by the device's own timer. Thread-safe.
///
/// Events are read when the times are asked for, and when [#MOST_PENDING] have gathered: the launch that brings the
/// next one then waits for the older half.
public final class KernelTimes {
    static final int MOST_PENDING = 4096;

    private final OpenClContext context;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Map<String, Row> rows = new TreeMap<>();
    private long start = Long.MAX_VALUE;
    private long end = Long.MIN_VALUE;

    private record Pending(Launch launch, cl_event done) {}

    /// All launches of one kernel function.
    /// @param kernel its name
    /// @param launches how many
    /// @param nanos time on the device, all together
    /// @param flops floating-point operations, all together; 0 if not known
    /// @param bytes bytes to and from global memory, all together; 0 if not known
    public record Row(String kernel, long launches, long nanos, double flops, double bytes) {
        private Row plus(Row other) {
            return new Row(kernel, launches + other.launches, nanos + other.nanos, flops + other.flops,
                    bytes + other.bytes);
        }

        /// @return microseconds of one launch
        public double meanMicros() {
            return nanos / 1e3 / launches;
        }

        /// @return 10⁹ floating-point operations per second; 0 if not known
        public double gflops() {
            return flops / Math.max(1, nanos);
        }

        /// @return 10⁹ bytes per second; 0 if not known
        public double gbps() {
            return bytes / Math.max(1, nanos);
        }
    }

    KernelTimes(OpenClContext context) {
        this.context = context;
    }

    synchronized void add(Launch launch, cl_event done) {
        pending.add(new Pending(launch, done));
        if (pending.size() > MOST_PENDING) {
            drain(MOST_PENDING / 2);
        }
    }

    /// Waits for the launches so far.
    /// @return one row per kernel function, the most time first
    /// @throws OpenClException if a launch failed on the device; its time is left out
    public synchronized List<Row> rows() {
        drain(0);
        return rows.values().stream().sorted(Comparator.comparingLong(Row::nanos).reversed()).toList();
    }

    /// Waits for the launches so far.
    /// @return nanoseconds from the start of the first to the end of the last, with what was between them; 0 for none
    /// @throws OpenClException if a launch failed on the device
    public synchronized long spanNanos() {
        drain(0);
        return start < end ? end - start : 0;
    }

    /// Waits for the launches so far and forgets all times.
    public synchronized void reset() {
        drain(0);
        rows.clear();
        start = Long.MAX_VALUE;
        end = Long.MIN_VALUE;
    }

    /// Waits for the launches so far.
    /// @return [#rows()] for reading: one line per kernel, with its share of the time
    public String table() {
        List<Row> rows = rows();
        double all = Math.max(1, rows.stream().mapToLong(Row::nanos).sum());
        int width = Math.max(6, rows.stream().mapToInt(row -> row.kernel().length()).max().orElse(0));
        var table = new StringBuilder(String.format(Locale.ROOT, "%-" + width + "s %9s %10s %5s %10s %9s %8s%n",
                "kernel", "launches", "total ms", "share", "mean us", "GFLOP/s", "GB/s"));
        for (Row row : rows) {
            table.append(String.format(Locale.ROOT, "%-" + width + "s %9d %10.3f %4.0f%% %10.2f %9s %8s%n",
                    row.kernel(), row.launches(), row.nanos() / 1e6, 100 * row.nanos() / all, row.meanMicros(),
                    rate(row.gflops()), rate(row.gbps())));
        }
        return table.toString();
    }

    private static String rate(double rate) {
        return rate == 0 ? "-" : String.format(Locale.ROOT, "%.2f", rate);
    }

    private void drain(int left) {
        while (pending.size() > left) {
            Pending oldest = pending.poll();
            try {
                clFlush(context.queue());
                clWaitForEvents(1, new cl_event[] {oldest.done()});
                Launch launch = oldest.launch();
                long began = Events.start(oldest.done());
                long ended = Events.end(oldest.done());
                start = Math.min(start, began);
                end = Math.max(end, ended);
                rows.merge(launch.function(),
                        new Row(launch.function(), 1, ended - began, launch.flops(), launch.bytes()), Row::plus);
            } catch (CLException e) {
                throw context.failure("run " + oldest.launch(), e);
            } finally {
                clReleaseEvent(oldest.done());
            }
        }
    }

    /// @return how many launches have not been looked at yet
    synchronized int pending() {
        return pending.size();
    }

    /// Releases the events of launches whose times nobody asked for.
    synchronized void close() {
        pending.forEach(launch -> clReleaseEvent(launch.done()));
        pending.clear();
    }
}
