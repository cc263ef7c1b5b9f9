package larch.opencl.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import larch.opencl.runtime.LocalMemory;
import org.jocl.cl_mem;

/// Whether a work-group may use more local memory than the 48 KiB that NVIDIA's OpenCL admits to, declared in
/// the source, set aside by the host, or declared in PTX.
final class LocalMemoryLimit {
    private static final int ITEMS = 256;
    /// The size of the committed PTX.
    private static final int PTX_KIB = 96;

    private LocalMemoryLimit() {}

    static List<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        for (int kib : new int[] {32, 64, 96, 160, 224}) {
            probes.add(new Probe("E2.static-" + kib + "K", "may a kernel declare " + kib + " KiB of local memory?",
                    bench -> declared(bench, kib)));
        }
        for (int kib : new int[] {32, 64, 96}) {
            probes.add(new Probe("E2.host-" + kib + "K", "may the host set " + kib + " KiB of local memory aside?",
                    bench -> setAside(bench, kib)));
        }
        probes.add(Probe.ofNvidia("E2.ptx-" + PTX_KIB + "K", "may a kernel in PTX for sm_90a declare " + PTX_KIB
                + " KiB of shared memory?", bench -> mirror(bench, bench.loadPtx("local_memory.ptx").kernel("mirror"),
                        PTX_KIB)));
        return probes;
    }

    private static Finding declared(ProbeBench bench, int kib) {
        return mirror(bench, bench.build("local_memory.cl", "-DSTATIC -DFLOATS=" + floats(kib)).kernel("mirror"), kib);
    }

    private static Finding setAside(ProbeBench bench, int kib) {
        ProbeKernel kernel = bench.build("local_memory.cl", "-DFLOATS=" + floats(kib)).kernel("mirror");
        return mirror(bench, kernel, kib, new LocalMemory(kib * 1024L));
    }

    private static int floats(int kib) {
        return kib * 1024 / Float.BYTES;
    }

    /// Runs two groups for each compute unit, so that groups also share a unit one after the other.
    private static Finding mirror(ProbeBench bench, ProbeKernel kernel, int kib, Object... localArgument) {
        int floats = floats(kib);
        int groups = 2 * bench.info().computeUnits();
        float[] in = new float[floats];
        var random = new Random(kib);
        for (int i = 0; i < floats; i++) {
            in[i] = random.nextInt(1 << 16);
        }
        cl_mem out = bench.poisoned(groups * floats);
        List<Object> arguments = new ArrayList<>(List.of(bench.upload(in), out));
        arguments.addAll(List.of(localArgument));
        kernel.with(arguments.toArray()).launch((long) groups * ITEMS, ITEMS);
        float[] mirrored = bench.floats(out, groups * floats);
        for (int i = 0; i < mirrored.length; i++) {
            float expected = in[floats - 1 - i % floats] + i / floats;
            if (mirrored[i] != expected) {
                return Finding.no("it runs, but element " + i + " must be " + expected + ", got " + mirrored[i]);
            }
        }
        return Finding.yes(groups + " groups, every value right (the driver claims "
                + (bench.info().localMemoryBytes() >> 10) + " KiB)");
    }
}
