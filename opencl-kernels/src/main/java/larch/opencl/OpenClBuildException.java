package larch.opencl;

import org.jocl.CL;
import org.jocl.CLException;

/// The driver refused to build a program. The message ends with the build log.
public final class OpenClBuildException extends OpenClException {
    private static final long serialVersionUID = 1L;

    /// The compiler's output.
    private final String log;

    OpenClBuildException(String attempt, CLException cause, String log) {
        super(attempt + ": " + CL.stringFor_errorCode(cause.getStatus()) + ", build log:\n" + explain(log));
        initCause(cause);
        this.log = log;
    }

    /// @return the compiler's output; may be empty
    public String log() {
        return log;
    }

    /// An empty log has one known reason, found in no manual.
    private static String explain(String log) {
        return !log.isEmpty() ? log : "(empty; in an NVIDIA container this means that libnvidia-nvvm.so.4 is missing: "
                + "start the container with the driver capability 'compute')";
    }
}
