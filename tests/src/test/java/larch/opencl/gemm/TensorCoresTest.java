package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import larch.device.DeviceInfo;
import larch.opencl.OpenClMachine;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.runtime.Prepared;
import larch.opencl.source.ProgramSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The products on tensor cores by their plain twin, whose lanes exchange fragments as the instruction does: where every
/// element is, its bits, its error; and who is admitted.
@Tag("opencl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TensorCoresTest {
    /// One warp.
    private static final GemmParams SMALL = GemmParamsTest.params("32 16 8 8 4 1 4 4");

    private List<GemmBench> benches;

    /// A device without tensor cores.
    private record Plain(GemmBench bench) implements GemmRuntime {
        @Override
        public DeviceInfo device() {
            return bench.device();
        }

        @Override
        public Prepared prepare(ProgramSource source, String function, NdRange range, double flops, double bytes,
                                Object... args) {
            return bench.prepare(new ProgramSource(source.name(), source.text(), source.options() + " -DPLAIN"), function, range,
                    flops, bytes, args);
        }

        @Override
        public DeviceMemory take(int floats) {
            return bench.take(floats);
        }

        @Override
        public void giveBack(DeviceMemory memory) {
            bench.giveBack(memory);
        }
    }

    @BeforeAll
    void open() {
        benches = GemmBench.all();
    }

    @AfterAll
    void close() {
        if (benches != null) {
            benches.forEach(GemmBench::close);
        }
    }

    /// One warp; the default; other vectors, tiles of two fragments and more warps along m than along n.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "TF32X3 | 32 16 8 8 4 1 4 4", "TF32X3 | 128 128 8 16 16 1 4 4", "TF32X3 | 64 32 16 16 4 1 2 1",
        "TF32   | 32 16 8 8 4 1 4 4", "TF32   | 64 32 16 16 4 1 2 1"})
    void everyElementIsTheChainOfItsTerms(GemmKernel kernel, String numbers) {
        GemmParams p = GemmParamsTest.params(numbers);
        SplittableRandom random = new SplittableRandom(5);
        for (GemmBench bench : benches) {
            OpenClGemm gemm = new OpenClGemm(new Plain(bench), kernel, p, GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT);
            for (HostGemm g : List.of(
                    HostGemm.packed(random, p.mwg(), p.nwg(), p.kwg(), 1, 0),
                    HostGemm.packed(random, p.mwg(), 2 * p.nwg(), 3 * p.kwg(), -0.5f, 1),
                    HostGemm.packed(random, 2 * p.mwg(), p.nwg(), 2 * p.kwg(), 1, -0.5f))) {
                DeviceMemory c = bench.upload(g.c().data());
                gemm.run(new DeviceGemm(g.m(), g.n(), g.k(), g.alpha(), g.a().on(bench.upload(g.a().data())),
                        g.b().on(bench.upload(g.b().data())), g.beta(), g.c().on(c)), GemmPath.WHOLE_TILES);
                verify(kernel, g, bench.read(c, g.c().data().length));
            }
            bench.clear();
        }
    }

    /// Bits against the chain of the terms, the error against
    /// `|C − C64| ≤ |alpha| (s + γ(sums + 2)) |A| |B| + γ(2) |beta C0|`, s = 3·2⁻²² and a little for what is of higher order,
    /// sums = 24 + k/8 with three terms; s = 2⁻¹⁰, sums = k with one.
    private static void verify(GemmKernel kernel, HostGemm g, float[] got) {
        double splitting = (kernel == GemmKernel.TF32X3 ? 3 * 0x1p-22 : 0x1p-10) * (1 + 0x1p-8);
        for (int i = 0; i < g.m(); i++) {
            for (int j = 0; j < g.n(); j++) {
                double sum = 0;
                double size = 0;
                for (int p = 0; p < g.k(); p++) {
                    double term = (double) g.a().get(i, p) * g.b().get(p, j);
                    sum += term;
                    size += Math.abs(term);
                }
                double old = g.beta() == 0 ? 0 : (double) g.beta() * g.c().get(i, j);
                double error = Math.abs(got[g.c().at(i, j)] - (g.alpha() * sum + old));
                double bound = Math.abs(g.alpha()) * size * (splitting + gamma((kernel == GemmKernel.TF32X3 ? 24 + g.k() / 8 : g.k()) + 2))
                        + gamma(2) * Math.abs(old);
                String where = kernel + " " + g + " at " + i + ", " + j;
                assertTrue(error <= bound, () -> where + ": error " + error + " above " + bound);
                assertEquals(chain(kernel, g, i, j), got[g.c().at(i, j)], where);
            }
        }
        for (int at = g.c().at(g.m() - 1, g.n() - 1) + 1; at < got.length; at++) {
            assertEquals(HostGemm.GUARD, got[at], "behind C");
        }
    }

    private static double gamma(int n) {
        return n * 0x1p-24 / (1 - n * 0x1p-24);
    }

    /// For 8 steps after another: the small parts of A, those of B, then the big ones; three terms have a sum of their own.
    private static float chain(GemmKernel kernel, HostGemm g, int i, int j) {
        float acc = 0;
        for (int from = 0; from < g.k(); from += 8) {
            float part = kernel == GemmKernel.TF32X3 ? 0 : acc;
            for (int term = 3 - kernel.terms(); term < 3; term++) {
                for (int p = from; p < from + 8; p++) {
                    float a = g.a().get(i, p);
                    float b = g.b().get(p, j);
                    part = Math.fma(term == 0 ? small(a) : big(a), term == 1 ? small(b) : big(b), part);
                }
            }
            acc = kernel == GemmKernel.TF32X3 ? acc + part : part;
        }
        return g.beta() == 0 ? g.alpha() * acc : Math.fma(g.alpha(), acc, g.beta() * g.c().get(i, j));
    }

    /// The nearest number of 11 bits, ties away from zero, by Java's own arithmetic: of no more than 2⁻¹¹ |x| away.
    private static float big(float x) {
        double unit = Math.scalb(1.0, Math.getExponent(x) - 10);
        return (float) (Math.copySign(Math.floor(Math.abs(x) / unit + 0.5), x) * unit);
    }

    private static float small(float x) {
        return big(x - big(x));
    }

    /// The check that admits a device takes the right product, and finds what a wrong kernel may do.
    @Test
    void theCheckOfADeviceFindsWrongProducts() {
        TensorCores three = new TensorCores(GemmKernel.TF32X3, SMALL);
        TensorCores one = new TensorCores(GemmKernel.TF32, SMALL);
        for (GemmBench bench : benches) {
            float[] accurate = product(bench, three);
            float[] rounded = product(bench, one);
            assertNull(three.firstError(accurate));
            assertNull(one.firstError(rounded));
            assertNull(one.firstError(accurate));
            assertTrue(three.firstError(rounded).startsWith("wrong values: element (0, "), "the small terms are missing");
            float kept = accurate[1];
            accurate[1] = accurate[0];
            accurate[0] = kept;
            assertTrue(one.firstError(accurate).startsWith("wrong values: element (0, 0) must be "), "two in each other's place");
            accurate[0] = Float.NaN;
            assertTrue(one.firstError(accurate).endsWith(", got NaN"), "a hole");
            bench.clear();
        }
    }

    private static float[] product(GemmBench bench, TensorCores cores) {
        int floats = cores.m() * cores.n();
        DeviceMemory c = bench.upload(new float[floats]);
        cores.run(new Plain(bench), bench.upload(cores.a()), bench.upload(cores.b()), c);
        return bench.read(c, floats);
    }

    /// Nobody gets other bits without asking for them, and who asks for them elsewhere learns why not.
    @Test
    void tensorCoresAreChosenByNameAndWhereTheyAre() {
        assertTrue(GemmKernel.ladder().stream().noneMatch(GemmKernel::usesTensorCores));
        GemmChoice choice = GemmChoice.SHIPPED.withFast(GemmKernel.TF32X3, GemmKernel.TF32X3.defaults());
        for (var device : OpenClMachine.devices().all()) {
            if (device.info().vendor().contains("NVIDIA")) {
                continue;
            }
            try (OpenClRuntime opened = OpenClRuntime.open(device, false)) {
                String message = assertThrows(IllegalArgumentException.class, () -> new OpenClGemm(opened, choice)).getMessage();
                assertEquals("gemm: TF32X3 must have tensor cores that compute it on " + device.info().summary()
                        + "; got vendor " + device.info().vendor() + ", and mma.sync is NVIDIA's; take one of "
                        + GemmKernel.ladder(), message);
            }
        }
    }
}
