package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import larch.opencl.OpenClMachine;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.OpenClRuntime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The kernels for NVIDIA's devices by their plain twins, whose lanes exchange fragments as the instruction does and whose copies
/// happen when they are waited for: where every element is, its bits, its error; and who is admitted.
@Tag("opencl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CandidatesTest {
    /// One warp.
    private static final GemmParams SMALL = GemmParamsTest.params("32 16 16 8 4 1 4 4");

    private List<GemmBench> benches;

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

    /// With the tiles that the other tests have, which are built once.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = {"WARP_ASYNC", "TF32X3.*", "BF16X3"})
    void everyElementIsTheChainThatWasPromised(GemmKernel kernel) {
        check(kernel, SMALL);
    }

    /// The defaults and other vectors too: twins of large tiles take a CPU's compiler seconds.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "WARP_ASYNC   | 32 16 8 8 4 4 4 4", "WARP_ASYNC   | 128 128 8 16 16 8 4 4", "WARP_ASYNC   | 64 128 16 16 16 8 2 2",
        "WARP_ASYNC   | 32 16 16 16 4 2 1 1",
        "TF32X3       | 32 16 8 8 4 1 4 4", "TF32X3       | 128 128 8 16 16 1 4 4", "TF32X3       | 64 32 16 16 4 1 2 1",
        "TF32         | 32 16 8 8 4 1 4 4", "TF32         | 64 32 16 16 4 1 2 1",
        "TF32X3_ASYNC | 32 16 8 8 4 1 4 4", "TF32X3_ASYNC | 128 128 8 16 16 1 4 4", "TF32X3_ASYNC | 64 128 16 16 16 1 2 1",
        "BF16X3       | 32 16 16 8 4 1 4 4", "BF16X3       | 128 128 16 16 16 1 4 4", "BF16X3       | 64 32 32 16 4 1 2 1",
        "BF16         | 32 16 16 8 4 1 4 4", "BF16         | 64 32 32 16 4 1 2 1"})
    void soItIsWithOtherNumbers(GemmKernel kernel, String numbers) {
        check(kernel, GemmParamsTest.params(numbers));
    }

    private void check(GemmKernel kernel, GemmParams p) {
        SplittableRandom random = new SplittableRandom(5);
        for (GemmBench bench : benches) {
            OpenClGemm gemm = new Twin(bench).gemm(kernel, p);
            for (HostGemm g : List.of(
                    HostGemm.packed(random, p.mwg(), p.nwg(), p.kwg(), 1, 0),
                    HostGemm.packed(random, p.mwg(), 2 * p.nwg(), 3 * p.kwg(), -0.5f, 1),
                    HostGemm.packed(random, 2 * p.mwg(), p.nwg(), (kernel.stages(p) + 3) * p.kwg(), 1, -0.5f))) {
                verify(kernel, g, result(bench, gemm, g, GemmPath.WHOLE_TILES));
            }
            bench.clear();
        }
    }

    /// Copies padded to whole tiles, of matrices with gaps and in either layout.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = {"WARP_ASYNC", "TF32.*", "BF16.*"})
    void oddSizesTakeTheIndirectPath(GemmKernel kernel) {
        SplittableRandom random = new SplittableRandom(7);
        for (GemmBench bench : benches) {
            OpenClGemm gemm = new Twin(bench).gemm(kernel, SMALL);
            for (HostGemm g : List.of(
                    HostGemm.of(random, 33, 17, 65, 1, 0, false, true, 0, 0),
                    HostGemm.of(random, 31, 50, 7, -0.5f, 1, true, false, 3, 2),
                    HostGemm.of(random, 1, 1, 100, 2, -0.5f, true, true, 1, 1))) {
                verify(kernel, g, result(bench, gemm, g, GemmPath.INDIRECT));
            }
            assertEquals(0, bench.taken());
            bench.clear();
        }
    }

    private static float[] result(GemmBench bench, OpenClGemm gemm, HostGemm g, GemmPath path) {
        DeviceMemory c = bench.upload(g.c().data());
        gemm.run(new DeviceGemm(g.m(), g.n(), g.k(), g.alpha(), g.a().on(bench.upload(g.a().data())),
                g.b().on(bench.upload(g.b().data())), g.beta(), g.c().on(c)), path);
        return bench.read(c, g.c().data().length);
    }

    private static void verify(GemmKernel kernel, HostGemm g, float[] got) {
        if (kernel.arithmetic().isShort()) {
            new Parts(kernel.arithmetic()).verify(g, got);
        } else {
            g.verify(got);
        }
        for (int at = g.c().at(g.m() - 1, g.n() - 1) + 1; at < got.length; at++) {
            assertEquals(HostGemm.GUARD, got[at], "behind C");
        }
    }

    /// The check that admits a device takes the right product, and finds what a wrong kernel may do.
    @Test
    void theCheckOfADeviceFindsWrongProducts() {
        for (GemmBench bench : benches) {
            for (GemmKernel kernel : GemmKernel.candidates()) {
                Admission check = new Admission(kernel, SMALL);
                float[] right = product(bench, check);
                assertNull(check.firstError(right), kernel::name);
                float kept = right[1];
                right[1] = right[0];
                right[0] = kept;
                String swapped = check.firstError(right);
                assertTrue(swapped.startsWith("wrong values: element (0, 0) must be "), () -> kernel + ", swapped: " + swapped);
                right[0] = Float.NaN;
                assertTrue(check.firstError(right).endsWith(", got NaN"), "a hole");
                bench.clear();
            }
        }
    }

    /// Kernels with the same numbers check the same product, so the values of one can be held against another's bound.
    @ParameterizedTest
    @CsvSource({"TF32X3, TF32", "BF16X3, BF16", "TF32, BF16"})
    void lessAccurateValuesAreFound(GemmKernel fine, GemmKernel coarse) {
        Admission strict = new Admission(fine, SMALL);
        Admission lax = new Admission(coarse, SMALL);
        for (GemmBench bench : benches) {
            String error = strict.firstError(product(bench, lax));
            assertTrue(error.startsWith("wrong values: element ("), "the small parts are missing");
            assertNull(lax.firstError(product(bench, strict)));
            bench.clear();
        }
    }

    /// One unit in the last place is too much for a kernel that promises the ladder's bits.
    @Test
    void exactKernelsMustHaveTheBits() {
        Admission check = new Admission(GemmKernel.WARP_ASYNC, SMALL);
        for (GemmBench bench : benches) {
            float[] right = product(bench, check);
            right[3] = Math.nextUp(right[3]);
            assertTrue(check.firstError(right).startsWith("wrong values: element (0, 3) must be "));
            bench.clear();
        }
    }

    private static float[] product(GemmBench bench, Admission check) {
        int floats = check.m() * check.n();
        DeviceMemory c = bench.upload(new float[floats]);
        check.run(new Twin(bench), bench.upload(check.a()), bench.upload(check.b()), c);
        return bench.read(c, floats);
    }

    /// The formula by hand.
    @Test
    void boundsAreThoseOfTheirSource() {
        bound(3 * 0x1p-22 + 0x1p-20 + 2 * 0x1p-31 + 3 * 0x1p-24, GemmKernel.TF32X3, 24);
        bound(0x1p-10 + 3 * 0x1p-20, GemmKernel.TF32, 24);
        bound(4 * 0x1p-24 + 0x1p-19 + 2 * 0x1p-27 + 3 * 0x1p-35 + 3 * 0x1p-24, GemmKernel.BF16X3, 40);
        bound(0x1p-7 + 3 * 0x1p-19, GemmKernel.BF16, 48);
        bound(100 * 0x1p-24, GemmKernel.WARP_ASYNC, 100);
    }

    private static void bound(double expected, GemmKernel kernel, int k) {
        double bound = kernel.arithmetic().bound(k);
        assertTrue(bound >= expected && bound <= expected * (1 + 0x1p-5), () -> kernel + ": " + bound + " for " + expected);
    }

    /// Nobody gets these without asking for them, and who asks for them elsewhere learns why not.
    @Test
    void candidatesAreChosenByNameAndWhereTheyAreAdmitted() {
        assertEquals(GemmKernel.fast().size(), GemmKernel.ladder().size() + GemmKernel.candidates().size());
        assertTrue(GemmKernel.ladder().stream().noneMatch(GemmKernel::mustBeAdmitted));
        assertTrue(GemmKernel.ladder().contains(GemmChoice.SHIPPED.fast()));
        for (var device : OpenClMachine.devices().all()) {
            if (device.info().vendor().contains("NVIDIA")) {
                continue;
            }
            try (OpenClRuntime opened = OpenClRuntime.open(device, false)) {
                assertEquals("", new OpenClGemm(opened).admission());
                for (GemmKernel kernel : GemmKernel.candidates()) {
                    var error = assertThrows(IllegalArgumentException.class, () -> new OpenClGemm(opened, kernel));
                    assertEquals("gemm: " + kernel + " must be computed rightly on " + device.info().summary()
                            + " to be admitted; got vendor " + device.info().vendor()
                            + ", and its instructions are NVIDIA's; take one of " + GemmKernel.ladder(), error.getMessage());
                }
            }
        }
    }
}
