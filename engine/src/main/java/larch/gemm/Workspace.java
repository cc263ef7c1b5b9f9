package larch.gemm;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// Scratch memory of one worker: it grows to what the blocking can ask for and is used again by the next
/// product.
final class Workspace {
    private float[] packedA = new float[0];
    private float[] packedB = new float[0];
    private float[] microtile = new float[0];

    /// @return at least `floats` floats for blocks of A, with any content
    float[] packedA(int floats) {
        packedA = grow(packedA, floats);
        return packedA;
    }

    /// @return at least `floats` floats for panels of B, with any content
    float[] packedB(int floats) {
        packedB = grow(packedB, floats);
        return packedB;
    }

    /// @return at least `floats` floats for a microtile at the edge of C, with any content
    float[] microtile(int floats) {
        microtile = grow(microtile, floats);
        return microtile;
    }

    private static float[] grow(float[] memory, int floats) {
        return memory.length >= floats ? memory : new float[floats];
    }

    /// Workspaces that wait for work. A team of n threads needs n + 1 at once; products on other threads at
    /// the same time get new ones, which are dropped if there is no room when they come back.
    static final class Pool {
        private final AtomicReferenceArray<Workspace> idle;

        Pool(int capacity) {
            idle = new AtomicReferenceArray<>(capacity);
        }

        Workspace take() {
            for (int i = 0; i < idle.length(); i++) {
                Workspace workspace = idle.getAndSet(i, null);
                if (workspace != null) {
                    return workspace;
                }
            }
            return new Workspace();
        }

        void giveBack(Workspace workspace) {
            for (int i = 0; i < idle.length(); i++) {
                if (idle.compareAndSet(i, null, workspace)) {
                    return;
                }
            }
        }
    }
}
