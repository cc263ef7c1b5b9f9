package larch.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import larch.device.DeviceListing.State;
import org.junit.jupiter.api.Test;

class DeviceListingTest {
    private static final DeviceInfo CPU = new DeviceInfo(0, "cpu", "vendor", "1", "2", DeviceInfo.Type.CPU,
            "platform", "3", 8, 0, 3L << 29, 1L << 30, 1L << 15, 64, List.of(64L, 64L, 64L), 8,
            true, false, false, true, List.of());

    @Test
    void theStateAndTheDevicesAgree() {
        assertThrows(IllegalArgumentException.class, () -> new DeviceListing(State.AVAILABLE, "none", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new DeviceListing(State.NO_DRIVER, "one", List.of(CPU)));
        assertEquals(List.of(CPU), new DeviceListing(State.AVAILABLE, "one", List.of(CPU)).devices());
    }

    @Test
    void aReasonComesWithItsFix() {
        assertEquals(new DeviceListing(State.NO_DRIVER, "no loader; fix: install one", List.of()),
                DeviceListing.unavailable(State.NO_DRIVER, "no loader", "install one"));
    }

    @Test
    void anUnknownClockIsLeftOut() {
        assertEquals("[0] cpu (CPU, 8 compute units, 1.5 GiB, platform)", CPU.summary());
    }
}
