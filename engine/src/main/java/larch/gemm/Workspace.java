package larch.gemm;

/// Scratch memory of one worker: it grows to what the blocking can ask for and is used again by the next
/// product.
final class Workspace {
    private final Product product = new Product();
    private float[] packedA = new float[0];
    private float[] packedB = new float[0];
    private float[] microtile = new float[0];

    /// @return room for the product that the caller works on
    Product product() {
        return product;
    }

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
}
