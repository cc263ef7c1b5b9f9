package larch.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Chooses a backend: the one that `-Dlarch.backend=NAME` or the caller forces, else the best that can run here.
///
/// A forced backend that is missing or cannot run is an error, never a silent change to another one. A choice that had to
/// pass over a better backend is logged as a warning that says why, and what to do.
public final class Backends {
    private static final System.Logger LOG = System.getLogger("larch");
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

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
        Backend backend = (name == null || name.equals("auto") ? best(providers()) : require(name)).create(options);
        LOG.log(System.Logger.Level.DEBUG, () -> "backend " + backend.describe());
        return backend;
    }

    /// Whoever needs a backend without choosing one, such as a tuner, refuses with the same words as [#select].
    /// @param name a provider's name
    /// @return the provider; its backend can run here
    /// @throws BackendUnavailableException if there is none of that name, or it cannot run here
    public static BackendProvider require(String name) {
        List<BackendProvider> providers = providers();
        BackendProvider provider = providers.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow(() ->
                new BackendUnavailableException("backend: there is no '" + name + "'; choose one of " + names(providers)));
        String why = provider.whyUnavailable();
        if (why != null) {
            throw new BackendUnavailableException("backend " + name + " cannot run here: " + why);
        }
        return provider;
    }

    private static BackendProvider best(List<BackendProvider> providers) {
        List<String> missed = new ArrayList<>();
        for (BackendProvider provider : providers) {
            String why = provider.whyUnavailable();
            if (why == null) {
                warn(missed, provider.name());
                return provider;
            }
            missed.add(provider.name() + " cannot run here: " + why);
        }
        throw new BackendUnavailableException("backend: none can run here: " + String.join("; ", missed));
    }

    /// Says once in the life of a program that a better backend was passed over.
    private static void warn(List<String> missed, String chosen) {
        String text = "backend: " + String.join("; ", missed) + "; taking the slower " + chosen + " instead";
        if (!missed.isEmpty() && WARNED.add(text)) {
            LOG.log(System.Logger.Level.WARNING, text);
        }
    }

    private static String names(List<BackendProvider> providers) {
        return providers.stream().map(BackendProvider::name).collect(Collectors.joining(", "));
    }
}
