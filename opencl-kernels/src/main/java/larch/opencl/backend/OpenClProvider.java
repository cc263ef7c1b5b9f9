package larch.opencl.backend;

import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.BackendProvider;
import larch.opencl.OpenClDevices;

/// Offers [OpenClBackend] where there is an OpenCL device. It is never chosen unasked: whether a device is faster than the
/// CPU's vectors nobody knows beforehand.
public final class OpenClProvider implements BackendProvider {
    private static final int NEVER_UNASKED = -1;

    /// For `ServiceLoader`.
    public OpenClProvider() {
    }

    @Override
    public String name() {
        return OpenClBackend.NAME;
    }

    @Override
    public int priority() {
        return NEVER_UNASKED;
    }

    @Override
    public String whyUnavailable() {
        OpenClDevices devices = OpenClDevices.discover();
        return devices.all().isEmpty() ? devices.listing().detail() : null;
    }

    @Override
    public Backend create(BackendOptions options) {
        return new OpenClBackend(OpenClDevices.discover().select(options.device()), options.timesKernels(), options.tuning());
    }
}
