package larch.nn;

import java.util.List;
import larch.autodiff.Parameter;
import larch.backend.Backend;

/// Something with parameters.
public interface Module {
    /// @return all parameters, in a fixed order
    List<Parameter> parameters();

    /// Brings everything that is read again and again to where kernels of a backend work fastest.
    /// @param backend the kernels
    default void place(Backend backend) {
        parameters().forEach(parameter -> parameter.place(backend));
    }

    /// Brings all parameters back to the heap.
    default void bringHome() {
        parameters().forEach(Parameter::bringHome);
    }
}
