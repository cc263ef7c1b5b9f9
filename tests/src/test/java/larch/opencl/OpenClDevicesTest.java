package larch.opencl;

import static larch.device.DeviceInfo.Type.ACCELERATOR;
import static larch.device.DeviceInfo.Type.CPU;
import static larch.device.DeviceInfo.Type.GPU;
import static larch.device.DeviceInfo.Type.OTHER;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.device.DeviceInfo;
import larch.device.DeviceListing;
import larch.device.DeviceListing.State;
import larch.device.UnknownDeviceException;
import org.jocl.CL;
import org.jocl.cl_platform_id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenClDevicesTest {
    private static final DeviceListing TWO_GPUS_AND_A_CPU = OpenClMachine.listing(
            OpenClMachine.device(0, "NVIDIA GeForce RTX 4090", GPU, "NVIDIA CUDA"),
            OpenClMachine.device(1, "NVIDIA H200", GPU, "NVIDIA CUDA"),
            OpenClMachine.device(2, "cpu-znver4-AMD EPYC", CPU, "Portable Computing Language"));

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "2,2", "h200,1", "H200,1", "amd epyc,2", "4090,0", "' 1 ',1", "znver4,2"})
    void anIndexOrAPartOfOneNameSelects(String selector, int index) {
        assertEquals(index, OpenClDevices.indexOf(selector, TWO_GPUS_AND_A_CPU));
    }

    @ParameterizedTest
    @CsvSource({"3", "-1", "mali", "''", "99999999999999999999"})
    void whatFitsNothingListsWhatExists(String selector) {
        var error = assertThrows(UnknownDeviceException.class, () -> OpenClDevices.indexOf(selector, TWO_GPUS_AND_A_CPU));
        assertAll(
                () -> assertTrue(error.getMessage().contains("fits no device"), error.getMessage()),
                () -> assertTrue(error.getMessage().contains("[0] NVIDIA GeForce RTX 4090 (GPU"), error.getMessage()),
                () -> assertTrue(error.getMessage().contains("[2] cpu-znver4-AMD EPYC (CPU"), error.getMessage()));
    }

    @Test
    void whatFitsTwoDevicesIsNotDecidedSilently() {
        var error = assertThrows(UnknownDeviceException.class, () -> OpenClDevices.indexOf("nvidia", TWO_GPUS_AND_A_CPU));
        assertEquals("opencl device: 'nvidia' fits 2 devices; give an index instead: "
                + "[0] NVIDIA GeForce RTX 4090 (GPU, 4 compute units at 1000 MHz, 8.0 GiB, NVIDIA CUDA), "
                + "[1] NVIDIA H200 (GPU, 4 compute units at 1000 MHz, 8.0 GiB, NVIDIA CUDA)", error.getMessage());
    }

    @Test
    void withoutDevicesTheErrorGivesTheReason() {
        var none = DeviceListing.unavailable(State.NO_DRIVER, "no loader", "install one");
        var error = assertThrows(UnknownDeviceException.class, () -> OpenClDevices.indexOf("0", none));
        assertEquals("opencl device: '0' fits no device; there is none: no loader; fix: install one",
                error.getMessage());
    }

    @Test
    void gpusComeFirstAndPlatformOrderIsKeptWithinAType() {
        var first = new cl_platform_id();
        var second = new cl_platform_id();
        List<OpenClDevices.Handle> ordered = OpenClDevices.inOrder(List.of(
                handle(first, CPU), handle(first, OTHER), handle(first, GPU), handle(second, ACCELERATOR),
                handle(second, GPU)));
        assertEquals(List.of(GPU, GPU, ACCELERATOR, CPU, OTHER),
                ordered.stream().map(OpenClDevices.Handle::type).toList());
        assertTrue(ordered.get(0).platform() == first && ordered.get(1).platform() == second);
    }

    private static OpenClDevices.Handle handle(cl_platform_id platform, DeviceInfo.Type type) {
        return new OpenClDevices.Handle(platform, null, type);
    }

    @Test
    void theTypeIsReadFromTheBitField() {
        assertAll(
                () -> assertEquals(GPU, OpenClDevice.typeOf(CL.CL_DEVICE_TYPE_GPU | CL.CL_DEVICE_TYPE_DEFAULT)),
                () -> assertEquals(CPU, OpenClDevice.typeOf(CL.CL_DEVICE_TYPE_CPU)),
                () -> assertEquals(ACCELERATOR, OpenClDevice.typeOf(CL.CL_DEVICE_TYPE_ACCELERATOR)),
                () -> assertEquals(OTHER, OpenClDevice.typeOf(CL.CL_DEVICE_TYPE_CUSTOM)));
    }
}
