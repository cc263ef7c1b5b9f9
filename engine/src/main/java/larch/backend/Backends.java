package larch.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// Chooses a backend: the one that `-Dlarch.backend=NAME` or the caller forces, else the best that can run here.
///
/// A forced backend that is missing or cannot run is an error, never a silent change to another one.
public final class Backends {
    private static final System.Logger LOG = System.getLogger("larch");

    private Backends() {
    }

    /// @return all providers on the class path, highest priority first
    public static List<BackendProvider> providers() {
        return ServiceLoader.load(BackendProvider.class).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackendProvider::priority).reversed()).toList();
    }

    /// The backend that the system properties ask for; see [BackendOptions#fromSystemProperties].
    /// @return a new backend; its description is logged in one line
    public static Backend select() {
        return select(System.getProperty("larch.backend"), BackendOptions.fromSystemProperties());
    }

    /// @param name    a provider's name; null or `auto` for the best that can run here
    /// @param options what the user fixed
    /// @return a new backend; its description is logged in one line
    public static Backend select(String name, BackendOptions options) {
        List<BackendProvider> providers = providers();
        Backend backend = (name == null || name.equals("auto") ? best(providers) : forced(name, providers)).create(options);
        LOG.log(System.Logger.Level.DEBUG, () -> "backend " + backend.describe());
        return backend;
    }

    private static BackendProvider best(List<BackendProvider> providers) {
        return providers.stream().filter(p -> p.whyUnavailable() == null).findFirst().orElseThrow(() ->
                new BackendUnavailableException("backend: none of " + names(providers) + " can run here"));
    }

    private static BackendProvider forced(String name, List<BackendProvider> providers) {
        BackendProvider provider = providers.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow(() ->
                new BackendUnavailableException("backend: there is no '" + name + "'; choose one of " + names(providers)));
        String why = provider.whyUnavailable();
        if (why != null) {
            throw new BackendUnavailableException("backend " + name + " cannot run here: " + why);
        }
        return provider;
    }

    private static String names(List<BackendProvider> providers) {
        return providers.stream().map(BackendProvider::name).collect(Collectors.joining(", "));
    }
}
