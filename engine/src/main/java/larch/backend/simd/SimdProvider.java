package larch.backend.simd;

import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.BackendProvider;

/// Offers [SimdBackend] where the JVM was started with the Vector API.
public final class SimdProvider implements BackendProvider {
    /// For `ServiceLoader`.
    public SimdProvider() {
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public String whyUnavailable() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? null
                : "the JVM was started without the Vector API; add --add-modules jdk.incubator.vector";
    }

    @Override
    public Backend create(BackendOptions options) {
        return new SimdBackend(options);
    }
}
