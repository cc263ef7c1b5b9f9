package larch.gemm;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/// Objects that wait for work, so that a product allocates nothing. What finds no room when it comes back is
/// dropped.
final class Pool<T> {
    private final AtomicReferenceArray<T> idle;
    private final Supplier<T> maker;

    /// @param capacity how many may wait
    /// @param maker    makes one when none waits
    Pool(int capacity, Supplier<T> maker) {
        idle = new AtomicReferenceArray<>(capacity);
        this.maker = maker;
    }

    T take() {
        for (int i = 0; i < idle.length(); i++) {
            if (idle.getPlain(i) != null) {
                T object = idle.getAndSet(i, null);
                if (object != null) {
                    return object;
                }
            }
        }
        return maker.get();
    }

    void giveBack(T object) {
        for (int i = 0; i < idle.length(); i++) {
            if (idle.getPlain(i) == null && idle.compareAndSet(i, null, object)) {
                return;
            }
        }
    }
}
