package larch.opencl.runtime;

import java.lang.ref.Cleaner;

/// Takes back what a garbage-collected owner did not give back. One thread serves all contexts; the actions that it
/// runs may call OpenCL, but must neither block nor refer to the owner.
final class GarbageCollected {
    private static final Cleaner CLEANER = Cleaner.create();

    private GarbageCollected() {}

    /// @param owner the object whose end is awaited
    /// @param action what to do then, or at `clean()`, whichever comes first; never twice
    static Cleaner.Cleanable whenGone(Object owner, Runnable action) {
        return CLEANER.register(owner, action);
    }
}
