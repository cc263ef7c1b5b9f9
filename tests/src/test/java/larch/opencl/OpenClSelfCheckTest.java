package larch.opencl;

import static org.jocl.CL.*;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.device.DeviceInfo;
import larch.device.DeviceLister;
import larch.device.UnknownDeviceException;
import larch.opencl.source.ProgramSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("opencl")
class OpenClSelfCheckTest {
    @Test
    void everyDeviceComputesExactly() {
        for (OpenClDevice device : OpenClMachine.devices().all()) {
            OpenClSelfCheck.Result result = OpenClSelfCheck.run(device);
            System.out.println(device + ": " + result.verdict());
            assertAll(
                    () -> assertEquals(1003, result.elements()),
                    () -> assertTrue(result.buildMillis() > 0 && result.runMillis() > 0, result::verdict),
                    () -> assertTrue(result.kernelMicros() >= 0 && result.kernelMicros() <= result.runMillis() * 1e3,
                            result::verdict));
        }
    }

    @Test
    void theLimitsAreReal() {
        List<OpenClDevice> devices = OpenClMachine.devices().all();
        for (int i = 0; i < devices.size(); i++) {
            OpenClDevice device = devices.get(i);
            DeviceInfo info = device.info();
            int index = i;
            assertAll(device.toString(),
                    () -> assertEquals(index, info.index()),
                    () -> assertTrue(info.version().startsWith("OpenCL "), info.version()),
                    () -> assertTrue(info.platformVersion().startsWith("OpenCL "), info.platformVersion()),
                    () -> assertTrue(device.languageVersion().startsWith("OpenCL C "), device.languageVersion()),
                    () -> assertTrue(info.computeUnits() > 0 && info.preferredFloatVectorWidth() > 0),
                    () -> assertTrue(info.globalMemoryBytes() >= info.maxAllocationBytes()),
                    // What the OpenCL 1.1 specification guarantees for a device of the full profile.
                    () -> assertTrue(info.maxAllocationBytes() >= 1L << 20 && info.localMemoryBytes() >= 1L << 15),
                    () -> assertTrue(info.maxWorkItemSizes().size() >= 3, info.maxWorkItemSizes()::toString),
                    () -> assertTrue(info.maxWorkItemSizes().stream().allMatch(size -> size > 0)),
                    () -> assertTrue(info.maxWorkGroupSize() > 0 && device.timerNanos() > 0),
                    () -> assertTrue(info.extensions().contains("cl_khr_byte_addressable_store"),
                            info.extensions()::toString),
                    () -> assertEquals(info.fp64(), info.extensions().contains("cl_khr_fp64")));
        }
    }

    @Test
    void theListerAnswersThroughTheServiceLoader() {
        OpenClDevices devices = OpenClMachine.devices();
        DeviceLister lister = DeviceLister.installed().stream()
                .filter(l -> l.kind().equals("opencl")).findFirst().orElseThrow();
        assertEquals(devices.all().size(), lister.list().devices().size());
        String verdict = lister.check(0);
        assertTrue(verdict.matches("ok: 1003 sums exact; build .* ms, run .* ms, kernel alone .* us"), verdict);
        var error = assertThrows(UnknownDeviceException.class, () -> lister.check(devices.all().size()));
        assertTrue(error.getMessage().contains("give an index or a part of a name of: [0] "), error.getMessage());
    }

    @Test
    void nothingIsLeftBehind() throws InterruptedException {
        OpenClDevice device = OpenClMachine.devices().at(0);
        var context = new OpenClContext(device, true);
        clRetainContext(context.handle());
        int before = ContextReferences.of(context.handle());
        OpenClSelfCheck.run(context);
        ContextReferences.await(before, context.handle(), "the self check must release what it makes in the context");
        context.close();
        ContextReferences.await(1, context.handle(), "close() must release the queue and the context");
        clReleaseContext(context.handle());
    }

    @Test
    void aBuildFailureCarriesTheLog() {
        OpenClDevice device = OpenClMachine.devices().at(0);
        try (var context = new OpenClContext(device)) {
            String source = "__kernel void broken(__global float *x) { x[0] = undeclared_name; }";
            var error = assertThrows(OpenClBuildException.class,
                    () -> OpenClProgram.build(context, new ProgramSource("broken.cl", source, "")));
            assertAll(
                    () -> assertTrue(error.log().contains("undeclared_name"), error.log()),
                    () -> assertTrue(error.getMessage().startsWith("opencl: build broken.cl on [0] "),
                            error.getMessage()),
                    () -> assertTrue(error.getMessage().endsWith(error.log()), error.getMessage()));
        }
    }

    @Test
    void aMissingKernelIsNamed() {
        OpenClDevice device = OpenClMachine.devices().at(0);
        try (var context = new OpenClContext(device);
                var program = OpenClProgram.build(context, ProgramSource.ofFile("self_check.cl"))) {
            var error = assertThrows(OpenClException.class, () -> program.kernel("vector_sub"));
            assertEquals("opencl: make kernel 'vector_sub' of self_check.cl: CL_INVALID_KERNEL_NAME",
                    error.getMessage());
        }
    }

    @Test
    void aSingleWrongBitIsReported() {
        float[] a = {1.5f, 2.5f};
        float[] b = {0.25f, -0.0f};
        OpenClSelfCheck.compare(a, b, new float[] {1.75f, 2.5f, -12345.0f}, "device");
        var wrong = assertThrows(OpenClException.class, () -> OpenClSelfCheck.compare(a, b,
                new float[] {1.75f, Math.nextUp(2.5f), -12345.0f}, "device"));
        assertTrue(wrong.getMessage().contains("element 1 of 2: 2.5 + -0.0 must be 2.5, got 2.5000002"),
                wrong.getMessage());
        var overrun = assertThrows(OpenClException.class, () -> OpenClSelfCheck.compare(a, b,
                new float[] {1.75f, 2.5f, 0.0f}, "device"));
        assertTrue(overrun.getMessage().contains("lies behind the result"), overrun.getMessage());
    }
}
