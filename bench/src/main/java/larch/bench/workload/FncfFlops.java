package larch.bench.workload;

import larch.fncf.model.Layer;

/// Nominal flops of FNCF: multiplications and additions of the dense layers as Table I of the paper draws them, whatever
/// shortcuts a program takes. A multiply-add is two flops.
public final class FncfFlops {
    private static final int SIDE = SyntheticMovieLens.USER_FEATURES + SyntheticMovieLens.ITEM_FEATURES;

    private FncfFlops() {
    }

    /// Flops of one sample of a step on labels: forward, weight gradients, and input gradients of all layers but the
    /// side layers, whose inputs are data.
    /// @param f latent factor
    /// @return 258,432 for f = 64
    public static long labels(int f) {
        return trained(f, Layer.LOGIT);
    }

    /// Flops of one sample of a distillation step, the folded teacher's forward pass included.
    /// @param student the student's latent factor
    /// @param teacher the teacher's
    /// @return flops
    public static long distillation(int student, int teacher) {
        return trained(student, Layer.LOGIT) + folded(teacher);
    }

    /// Flops of one sample of a hint step at hidden1. The folded teacher has hidden1 without a product.
    /// @param student the student's latent factor
    /// @param teacher the teacher's
    /// @return flops
    public static long hint(int student, int teacher) {
        return trained(student, Layer.HIDDEN1) + 3 * 2L * Layer.HIDDEN1.width(student) * Layer.HIDDEN1.width(teacher);
    }

    /// Flops of one (user, item) pair on the folded network, forward.
    /// @param f latent factor
    /// @return 16,512 for f = 64
    public static long folded(int f) {
        return 2L * (2 * f * f + f);
    }

    /// Flops of one gradient step of an attack on a user's features: the folded network forward, and back to its input.
    /// @param f latent factor
    /// @return 48,384 for f = 64
    public static long attackIteration(int f) {
        return 2 * (2L * SyntheticMovieLens.USER_FEATURES * 2 * f + folded(f));
    }

    private static long trained(int f, Layer last) {
        long side = (long) SIDE * f;
        long hidden = 8L * f * f + (last == Layer.LOGIT ? 2L * f * f + f : 0);
        return 2 * (side + hidden) + 2 * hidden + 2 * (side + hidden);
    }
}
