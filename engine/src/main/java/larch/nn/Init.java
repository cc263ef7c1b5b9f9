package larch.nn;

import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Draws the initial value of a parameter from a random stream of its own, so that adding a layer changes no other.
@FunctionalInterface
public interface Init {
    /// All zeros, for biases.
    Init ZEROS = (_, shape) -> Tensor.zeros(shape);

    /// `U(−a, a)`, `a = √(6/(fanIn + fanOut))`, for a `[fanIn, fanOut]` matrix. Source: Glorot and Bengio 2010.
    Init GLOROT_UNIFORM = (stream, shape) ->
            uniform((float) Math.sqrt(6.0 / (shape.dim(0) + shape.dim(1)))).draw(stream, shape);

    /// `U(−a, a)`, `a = √(3/fanIn)`, for a `[fanIn, fanOut]` matrix. Source: LeCun et al. 1998.
    Init LECUN_UNIFORM = (stream, shape) -> uniform((float) Math.sqrt(3.0 / shape.dim(0))).draw(stream, shape);

    /// `N(0, 2/fanIn)` for a `[fanIn, fanOut]` matrix. Source: He et al. 2015.
    Init HE_NORMAL = (stream, shape) -> normal((float) Math.sqrt(2.0 / shape.dim(0))).draw(stream, shape);

    /// @param stream where randomness comes from; used from its beginning
    /// @param shape  the parameter's shape
    /// @return the initial value
    Tensor draw(Rng stream, Shape shape);

    /// @param deviation standard deviation
    /// @return `N(0, deviation²)`
    static Init normal(float deviation) {
        return (stream, shape) -> {
            Tensor tensor = Tensor.zeros(shape);
            stream.normals(tensor.data(), 0, tensor.size(), 0);
            for (int i = 0; i < tensor.size(); i++) {
                tensor.data()[i] *= deviation;
            }
            return tensor;
        };
    }

    /// @param bound a
    /// @return `U(−a, a)`
    static Init uniform(float bound) {
        return (stream, shape) -> {
            Tensor tensor = Tensor.zeros(shape);
            stream.uniforms(tensor.data(), 0, tensor.size(), 0);
            for (int i = 0; i < tensor.size(); i++) {
                tensor.data()[i] = (2 * tensor.data()[i] - 1) * bound;
            }
            return tensor;
        };
    }
}
