package larch.fncf.cli;

import picocli.CommandLine.Option;

/// `--device`: which of several devices computes.
final class DeviceOption {
    static final String NAME = "--device";
    /// The backend that has devices.
    static final String OPENCL = "opencl";

    @Option(names = NAME, paramLabel = "SELECTOR", description = "Which OpenCL device: its index or a part of its name, as"
            + " ./larch devices lists them (default: the first; GPUs come first).")
    private String selector;

    /// @return whether it was given
    boolean isGiven() {
        return selector != null;
    }

    /// @return an index or a part of a name; null if the option was not given
    String selector() {
        return selector;
    }

    /// @param option an option that is about devices
    /// @return why it is refused where none computes
    static UserError refusal(String option) {
        return UserError.of(option, "the processor is no device; choose --backend " + OPENCL + ", or leave the option out");
    }
}
