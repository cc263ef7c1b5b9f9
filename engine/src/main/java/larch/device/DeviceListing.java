package larch.device;

import java.util.List;
import java.util.Objects;

/// What a [DeviceLister] found.
/// @param state how far the search came
/// @param detail one line for the user: where the devices come from, or why there are none and the fix
/// @param devices the devices, preferred ones first; empty unless the state is [State#AVAILABLE]
public record DeviceListing(State state, String detail, List<DeviceInfo> devices) {
    /// How far a search for devices came.
    public enum State {
        /// There is at least one device.
        AVAILABLE,
        /// The driver loader is there, but it knows no platform, or its platforms know no device.
        NO_DEVICES,
        /// There is no driver loader on this machine.
        NO_DRIVER,
        /// Something is there but cannot be used; the detail says why.
        BROKEN
    }

    /// @throws IllegalArgumentException if the state and the devices contradict each other
    public DeviceListing {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
        devices = List.copyOf(devices);
        if ((state == State.AVAILABLE) == devices.isEmpty()) {
            throw new IllegalArgumentException("device listing: state AVAILABLE goes with devices and any other state"
                    + " without; got " + state + " with " + devices.size() + " devices");
        }
    }

    /// A listing without devices.
    /// @param state any state but [State#AVAILABLE]
    /// @param why what is missing
    /// @param fix what the user can do, in one line
    /// @return the listing; its detail reads `why; fix: fix`
    public static DeviceListing unavailable(State state, String why, String fix) {
        return new DeviceListing(state, why + "; fix: " + fix, List.of());
    }
}
