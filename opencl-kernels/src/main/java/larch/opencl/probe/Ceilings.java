package larch.opencl.probe;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import larch.opencl.probe.ProbeKernel.Span;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/// The denominators of every later ratio: what the device is, and the most it can compute and copy.
final class Ceilings {
    /// Chains of dependent multiply-adds in `fma_chains`.
    private static final int CHAINS = 8;
    private static final float FACTOR = 0.999f;
    private static final float ADDEND = 0.001f;
    private static final int CHECKED_ROUNDS = 64;
    /// A launch of this length is timed to a thousandth by a timer of one microsecond, launch cost included.
    private static final double LONG_ENOUGH_SECONDS = 0.02;

    /// The attributes of `cl_nv_device_attribute_query`.
    private static final Map<String, Integer> NVIDIA = new TreeMap<>(Map.of("compute capability major", 0x4000,
            "compute capability minor", 0x4001, "registers per group", 0x4002, "warp size", 0x4003));

    private Ceilings() {}

    static List<Probe> probes() {
        return List.of(
                new Probe("E0.device", "what is the device, and what are its limits?", Ceilings::device),
                new Probe("E0.fma", "how many single-precision operations per second at most?", Ceilings::fma),
                new Probe("E0.copy", "how many bytes per second at most?", Ceilings::copy),
                new Probe("E0.timer", "how finely does the device time its commands?", Ceilings::timer));
    }

    private static Finding device(ProbeBench bench) {
        var info = bench.info();
        Map<String, Double> numbers = new TreeMap<>();
        numbers.put("compute units", (double) info.computeUnits());
        numbers.put("clock MHz", (double) info.clockMHz());
        numbers.put("memory bytes", (double) info.globalMemoryBytes());
        numbers.put("largest buffer bytes", (double) info.maxAllocationBytes());
        numbers.put("local memory bytes", (double) info.localMemoryBytes());
        numbers.put("largest group", (double) info.maxWorkGroupSize());
        NVIDIA.forEach((name, parameter) -> {
            try {
                int[] value = new int[1];
                clGetDeviceInfo(bench.device().id(), parameter, Integer.BYTES, Pointer.to(value), null);
                numbers.put(name, (double) value[0]);
            } catch (CLException e) {
                // Another vendor's device does not know the question.
                if (e.getStatus() != CL.CL_INVALID_VALUE) {
                    throw e;
                }
            }
        });
        return Finding.measured(String.format(Locale.ROOT,
                "%s; %s, %s, driver %s; local memory %d KiB; fp64 %b, fp16 %b, subgroups %b; %s", info.summary(),
                info.version(), bench.device().languageVersion(), info.driver(), info.localMemoryBytes() >> 10,
                info.fp64(), info.fp16(), info.subgroups(), String.join(" ", info.extensions())), numbers);
    }

    private static Finding fma(ProbeBench bench) {
        Map<String, Double> numbers = new TreeMap<>();
        int local = (int) Math.min(256, bench.info().maxWorkGroupSize());
        int items = bench.info().computeUnits() * (bench.isGpu() ? 16 * local : local);
        for (int width : new int[] {1, 2, 4, 8}) {
            ProbeKernel kernel = bench.build("throughput.cl", "-DWIDTH=" + width).kernel("fma_chains");
            cl_mem out = bench.poisoned(items * width);
            kernel.with(out, FACTOR, ADDEND, CHECKED_ROUNDS).launch(items, local);
            float[] computed = bench.floats(out, 8 * width);
            for (int i = 0; i < computed.length; i++) {
                if (computed[i] != chains(i / width)) {
                    return Finding.no("width " + width + ": element " + i + " must be " + chains(i / width) + ", got "
                            + computed[i]);
                }
            }
            numbers.put("GFLOP/s of width " + width, fmaRate(kernel, out, items, local, width) / 1e9);
        }
        var best = numbers.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        return Finding.measured(String.format(Locale.ROOT, "%.1f %s", best.getValue(), best.getKey()), numbers);
    }

    private static double fmaRate(ProbeKernel kernel, cl_mem out, int items, int local, int width) {
        int rounds = CHECKED_ROUNDS;
        double seconds = 0;
        while (seconds < LONG_ENOUGH_SECONDS) {
            rounds *= 2;
            seconds = kernel.with(out, FACTOR, ADDEND, rounds).launch(items, local).seconds();
        }
        for (int i = 0; i < 5; i++) {
            seconds = Math.min(seconds, kernel.launch(items, local).seconds());
        }
        return 2.0 * CHAINS * width * items * rounds / seconds;
    }

    /// What work-item `item` of `fma_chains` computes. A multiply-add is correctly rounded everywhere.
    private static float chains(int item) {
        float[] x = new float[CHAINS];
        for (int c = 0; c < CHAINS; c++) {
            x[c] = c + (item & 7);
            for (int i = 0; i < CHECKED_ROUNDS; i++) {
                x[c] = Math.fma(x[c], FACTOR, ADDEND);
            }
        }
        return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]));
    }

    private static Finding copy(ProbeBench bench) {
        long most = bench.isGpu() ? 1L << 30 : 1L << 26;
        long bytes = Math.min(most, Math.min(bench.info().maxAllocationBytes(), bench.info().globalMemoryBytes() / 4));
        bytes = bytes >> 20 << 20;
        ProbeProgram program = bench.build("throughput.cl", "-DWIDTH=1");
        cl_mem from = bench.allocate(bytes);
        cl_mem to = bench.allocate(bytes);
        int local = (int) Math.min(256, bench.info().maxWorkGroupSize());
        long items = bytes / 16;
        program.kernel("ramp").with(from).launch(items, local);
        ProbeKernel kernel = program.kernel("copy").with(from, to);
        double seconds = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 6; i++) {
            seconds = Math.min(seconds, kernel.launch(items, local).seconds());
        }
        long last = bytes / Float.BYTES - 1024;
        float[] copied = bench.floats(to, last, 1024);
        for (int i = 0; i < copied.length; i++) {
            float expected = ((last + i) / 4 & 0xfffff) + ((last + i) % 4) * 0.25f;
            if (copied[i] != expected) {
                return Finding.no("element " + (last + i) + " must be " + expected + ", got " + copied[i]);
            }
        }
        double rate = 2.0 * bytes / seconds / 1e9;
        return Finding.measured(String.format(Locale.ROOT, "%.1f GB/s, read and written, copying %d MiB", rate,
                bytes >> 20), Map.of("GB/s", rate, "buffer bytes", (double) bytes));
    }

    private static Finding timer(ProbeBench bench) {
        ProbeKernel kernel = bench.build("axpy.cl", "").kernel("empty");
        List<Long> stamps = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Span span = kernel.launch(1, 1);
            stamps.add(span.startNanos());
            stamps.add(span.endNanos());
        }
        long step = 0;
        for (int i = 1; i < stamps.size(); i++) {
            step = gcd(step, Math.abs(stamps.get(i) - stamps.get(0)));
        }
        return Finding.measured("steps of " + step + " ns seen, " + bench.device().timerNanos() + " ns claimed",
                Map.of("seen ns", (double) step, "claimed ns", (double) bench.device().timerNanos()));
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
