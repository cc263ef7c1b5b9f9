package larch.optim;

/// Adam as its paper writes it, in double, every element in every step: what the engine's Adam is held against.
final class PlainAdam {
    private final Adam.Settings settings;
    final double[] w;
    private final double[] m;
    private final double[] v;
    /// How far each element has travelled: the scale of errors.
    final double[] path;
    private long steps;

    PlainAdam(Adam.Settings settings, float[] start) {
        this.settings = settings;
        w = new double[start.length];
        m = new double[start.length];
        v = new double[start.length];
        path = new double[start.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = start[i];
        }
    }

    /// @param gradient zero where there is none
    void step(float[] gradient) {
        steps++;
        double beta1 = settings.beta1();
        double beta2 = settings.beta2();
        double rate = settings.learningRate() * Math.sqrt(1 - Math.pow(beta2, steps)) / (1 - Math.pow(beta1, steps));
        for (int i = 0; i < w.length; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * gradient[i];
            v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] * gradient[i];
            double change = rate * m[i] / (Math.sqrt(v[i]) + settings.epsilon());
            w[i] -= change;
            path[i] += Math.abs(change);
        }
    }
}
