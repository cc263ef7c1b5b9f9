package larch.opencl.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import larch.device.DeviceInfo;
import larch.opencl.gemm.GemmRuntime;
import larch.opencl.gemm.KernelSource;
import larch.opencl.probe.ProbeKernel.Span;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/// Runs products on a [ProbeBench] and times what it launches.
final class ProbeRuntime implements GemmRuntime {
    private final ProbeBench bench;
    private final Map<Key, ProbeKernel> kernels = new HashMap<>();
    /// Buffers that were given back, by their length.
    private final Map<Integer, List<cl_mem>> free = new HashMap<>();
    private final Map<cl_mem, Integer> lengths = new HashMap<>();
    private final List<cl_event> launches = new ArrayList<>();

    private record Key(KernelSource source, String function) {}

    ProbeRuntime(ProbeBench bench) {
        this.bench = bench;
    }

    @Override
    public DeviceInfo device() {
        return bench.info();
    }

    @Override
    public void launch(KernelSource source, String function, long[] global, long[] local, Object... args) {
        cl_event done = new cl_event();
        kernels.computeIfAbsent(new Key(source, function),
                key -> bench.build(source.name(), source.text(), source.options()).kernel(function))
                .with(args).enqueue(global, local, done);
        launches.add(done);
    }

    @Override
    public cl_mem acquire(int floats) {
        List<cl_mem> buffers = free.getOrDefault(floats, List.of());
        if (!buffers.isEmpty()) {
            return buffers.removeLast();
        }
        cl_mem buffer = bench.allocate((long) floats * Float.BYTES);
        lengths.put(buffer, floats);
        return buffer;
    }

    @Override
    public void release(cl_mem buffer) {
        free.computeIfAbsent(lengths.get(buffer), length -> new ArrayList<>()).add(buffer);
    }

    /// Waits for everything launched since the last call.
    /// @return the seconds from the first start to the last end, by the device's timer
    double seconds() {
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (cl_event launch : launches) {
            Span span = ProbeKernel.span(launch);
            start = Math.min(start, span.startNanos());
            end = Math.max(end, span.endNanos());
        }
        launches.clear();
        return (end - start) / 1e9;
    }
}
