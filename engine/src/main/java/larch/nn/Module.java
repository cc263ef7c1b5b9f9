package larch.nn;

import java.util.List;
import larch.autodiff.Parameter;

/// Something with parameters.
public interface Module {
    /// @return all parameters, in a fixed order
    List<Parameter> parameters();
}
