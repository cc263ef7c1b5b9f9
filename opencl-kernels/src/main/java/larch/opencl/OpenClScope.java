package larch.opencl;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Owns OpenCL handles and releases them in reverse order of their making. Not thread-safe.
///
/// ```java
/// try (var scope = new OpenClScope()) {
///     cl_mem buffer = scope.own(clCreateBuffer(...), CL::clReleaseMemObject);
///     ...
/// }
/// ```
public final class OpenClScope implements AutoCloseable {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    /// Makes an empty scope.
    public OpenClScope() {}

    /// Takes a handle over.
    /// @param <T> the handle's type
    /// @param handle what the creating function returned
    /// @param release the function that gives it back
    /// @return the handle
    public <T> T own(T handle, Consumer<? super T> release) {
        releases.push(() -> release.accept(handle));
        return handle;
    }

    /// Releases everything, each handle once, even if a release fails; then throws the first failure with the
    /// others suppressed. Closing twice is harmless.
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!releases.isEmpty()) {
            try {
                releases.pop().run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
