package larch.backend;

/// Where a backend comes from; found by `ServiceLoader`, so a backend in another jar needs no change here.
public interface BackendProvider {
    /// @return the name it is forced by, such as `simd`
    String name();

    /// @return the usable backend with the highest priority is chosen when none is forced
    int priority();

    /// @return null if the backend can run here; else why not, and what to do, in one line
    String whyUnavailable();

    /// @param options threads and width
    /// @return a new backend; close it after use
    Backend create(BackendOptions options);
}
