package larch.opencl;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import larch.device.DeviceInfo;
import larch.device.DeviceListing;
import larch.device.DeviceListing.State;
import larch.device.UnknownDeviceException;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// The OpenCL devices of this machine: GPUs before accelerators before CPUs, within a type in the order of
/// the platforms. Immutable; [#discover()] looks again.
public final class OpenClDevices {
    private final List<OpenClDevice> all;
    private final DeviceListing listing;

    private OpenClDevices(List<OpenClDevice> all, DeviceListing listing) {
        this.all = all;
        this.listing = listing;
    }

    /// A device before its limits are asked for.
    record Handle(cl_platform_id platform, cl_device_id id, DeviceInfo.Type type) {}

    /// Looks for devices. A platform that fails is named in the listing's detail and does not hide the others.
    /// @return the devices, or none with the reason
    public static OpenClDevices discover() {
        OpenCl openCl = OpenCl.instance();
        if (openCl.state() != State.AVAILABLE) {
            return new OpenClDevices(List.of(), new DeviceListing(openCl.state(), openCl.detail(), List.of()));
        }
        List<OpenClDevice> devices = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try {
            List<Handle> handles = new ArrayList<>();
            for (cl_platform_id platform : platforms()) {
                addDevicesOf(platform, handles, notes);
            }
            for (Handle handle : inOrder(handles)) {
                devices.add(OpenClDevice.query(handle.platform(), handle.id(), devices.size()));
            }
        } catch (CLException e) {
            return new OpenClDevices(List.of(), DeviceListing.unavailable(State.BROKEN, "listing the OpenCL devices ("
                    + openCl.detail() + ") fails with " + e.getMessage(), "reinstall the OpenCL driver"));
        }
        return of(devices, openCl.detail(), notes);
    }

    private static OpenClDevices of(List<OpenClDevice> devices, String loader, List<String> notes) {
        String remarks = notes.isEmpty() ? "" : "; " + String.join("; ", notes);
        if (devices.isEmpty()) {
            return new OpenClDevices(List.of(), DeviceListing.unavailable(State.NO_DEVICES, loader + remarks,
                    "check that you may use the device; PoCL also needs a cache folder that it may write to "
                            + "(POCL_CACHE_DIR)"));
        }
        List<DeviceInfo> infos = devices.stream().map(OpenClDevice::info).toList();
        return new OpenClDevices(List.copyOf(devices), new DeviceListing(State.AVAILABLE, loader + remarks, infos));
    }

    /// @return every device, preferred ones first; empty if OpenCL cannot be used
    public List<OpenClDevice> all() {
        return all;
    }

    /// @return the same as data without OpenCL types
    public DeviceListing listing() {
        return listing;
    }

    /// @param index a position in [#all()]
    /// @return the device there
    /// @throws UnknownDeviceException if there is none; the message lists what exists
    public OpenClDevice at(int index) {
        if (index < 0 || index >= all.size()) {
            throw noSuchDevice("index " + index, listing);
        }
        return all.get(index);
    }

    /// Selects by what a user typed.
    /// @param selector an index, or any part of exactly one device's name, in either case of letters; digits that
    ///     are no index are taken as a part of the name, so `4090` finds that card; null for the first device
    /// @return the device
    /// @throws UnknownDeviceException if no device or more than one fits; the message lists what exists
    public OpenClDevice select(String selector) {
        return selector == null ? at(0) : all.get(indexOf(selector, listing));
    }

    /// [#select(String)] on a listing alone.
    static int indexOf(String selector, DeviceListing listing) {
        String wanted = selector.strip().toLowerCase(Locale.ROOT);
        List<DeviceInfo> devices = listing.devices();
        if (wanted.isEmpty()) {
            throw noSuchDevice("an empty selector", listing);
        }
        for (DeviceInfo device : devices) {
            if (wanted.equals(Integer.toString(device.index()))) {
                return device.index();
            }
        }
        List<DeviceInfo> fitting = devices.stream()
                .filter(device -> device.name().toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
        if (fitting.size() > 1) {
            throw new UnknownDeviceException("opencl device: '" + selector + "' fits " + fitting.size()
                    + " devices; give an index instead: " + list(fitting));
        }
        if (fitting.isEmpty()) {
            throw noSuchDevice("'" + selector + "'", listing);
        }
        return fitting.getFirst().index();
    }

    private static UnknownDeviceException noSuchDevice(String wanted, DeviceListing listing) {
        return new UnknownDeviceException("opencl device: " + wanted + " fits no device; "
                + (listing.devices().isEmpty()
                        ? "there is none: " + listing.detail()
                        : "give an index or a part of a name of: " + list(listing.devices())));
    }

    private static String list(List<DeviceInfo> devices) {
        return devices.stream().map(DeviceInfo::summary).collect(Collectors.joining(", "));
    }

    /// A stable sort: [DeviceInfo.Type] is declared in the order of preference.
    static List<Handle> inOrder(List<Handle> handles) {
        return handles.stream().sorted(Comparator.comparing(Handle::type)).toList();
    }

    private static List<cl_platform_id> platforms() {
        int[] count = new int[1];
        clGetPlatformIDs(0, null, count);
        cl_platform_id[] platforms = new cl_platform_id[count[0]];
        clGetPlatformIDs(platforms.length, platforms, null);
        return List.of(platforms);
    }

    private static void addDevicesOf(cl_platform_id platform, List<Handle> handles, List<String> notes) {
        String name = OpenClQuery.ofPlatform(platform).text(CL_PLATFORM_NAME);
        try {
            int[] count = new int[1];
            clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
            cl_device_id[] ids = new cl_device_id[count[0]];
            clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, ids.length, ids, null);
            for (cl_device_id id : ids) {
                long type = OpenClQuery.ofDevice(id).number(CL_DEVICE_TYPE);
                handles.add(new Handle(platform, id, OpenClDevice.typeOf(type)));
            }
        } catch (CLException e) {
            notes.add("platform '" + name + "' reports "
                    + (e.getStatus() == CL_DEVICE_NOT_FOUND ? "no device" : e.getMessage()));
        }
    }
}
