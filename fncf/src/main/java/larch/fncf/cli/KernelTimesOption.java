package larch.fncf.cli;

import picocli.CommandLine.Option;

/// `--kernel-times`: where a device's time went.
final class KernelTimesOption {
    static final String NAME = "--kernel-times";

    @Option(names = NAME, description = "Show at the end how often each kernel of the device ran and how long it took, with"
            + " GFLOP/s and GB/s; timing them takes time itself (opencl).")
    private boolean given;

    /// @return whether it was given
    boolean isGiven() {
        return given;
    }
}
