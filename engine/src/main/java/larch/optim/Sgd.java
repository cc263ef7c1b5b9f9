package larch.optim;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.fma;
import static larch.expr.Expr.neg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.tensor.Tensor;

/// Stochastic gradient descent with momentum: `u ← μ·u + g`, `w ← w − lr·u`. Source: Polyak 1964, in the form of
/// Sutskever et al. 2013. Gathered tables are updated densely: with momentum, rows without a gradient move too.
public final class Sgd implements Optimizer {
    private final Tensor learningRate;
    private final Map<Parameter, Tensor> velocities = new LinkedHashMap<>();
    private final Expr velocityUpdate;
    private static final Expr DESCENT = fma(neg(arg(2)), arg(1), arg(0));
    private long steps;

    /// @param backend      the kernels; velocities lie where they work fastest
    /// @param parameters   what to change
    /// @param learningRate lr, positive
    /// @param momentum     μ in [0, 1)
    public Sgd(Backend backend, List<Parameter> parameters, float learningRate, float momentum) {
        if (!(learningRate > 0) || !(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("sgd: expected learning rate > 0 and momentum in [0,1), got " + learningRate
                    + " and " + momentum);
        }
        this.learningRate = backend.place(Tensor.scalar(learningRate));
        this.velocityUpdate = fma(con(momentum), arg(0), arg(1));
        parameters.forEach(p -> velocities.put(p, backend.place(Tensor.zeros(p.storage().shape()))));
    }

    @Override
    public void step(Gradients gradients) {
        Backend backend = gradients.backend();
        backend.host("sgd step count", () -> steps++);
        velocities.forEach((parameter, velocity) -> {
            if (gradients.has(parameter)) {
                Tensor w = parameter.value();
                backend.elementwise(velocityUpdate, velocity, velocity, gradients.of(parameter));
                backend.elementwise(DESCENT, w, w, velocity, learningRate);
            }
        });
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Map<String, Tensor> state() {
        return OptimizerState.onHeap(tensors());
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        velocities.forEach((parameter, velocity) -> tensors.put("sgd/velocity/" + parameter.name(), velocity));
        return tensors;
    }

    @Override
    public void restore(long stepsTaken, Map<String, Tensor> state) {
        steps = stepsTaken;
        tensors().forEach((name, tensor) -> OptimizerState.copy(name, state, tensor));
    }

    @Override
    public void close() {
        // Nothing is deferred.
    }
}
