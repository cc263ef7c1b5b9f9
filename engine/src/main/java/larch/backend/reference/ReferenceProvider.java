package larch.backend.reference;

import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.BackendProvider;

/// Offers [ReferenceBackend]; it runs everywhere and is chosen last.
public final class ReferenceProvider implements BackendProvider {
    /// For `ServiceLoader`.
    public ReferenceProvider() {
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public String whyUnavailable() {
        return null;
    }

    @Override
    public Backend create(BackendOptions options) {
        return new ReferenceBackend();
    }
}
