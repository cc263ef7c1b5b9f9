package larch.fncf.cli;

import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import larch.machine.Cpu;

/// The machine and the Java that the program runs on, for reports.
final class Machine {
    private Machine() {
    }

    /// @return such as `Linux 6.1.0 amd64`
    static String os() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch");
    }

    /// @return the processor's name, and how many processors Java may use
    static String cpu() {
        int processors = Runtime.getRuntime().availableProcessors();
        return Cpu.model() + ", " + processors
                + (processors == 1 ? " processor" : " processors");
    }

    /// @return the options that the JVM was started with
    static String jvmFlags() {
        // Where the checkout lies says nothing about speed, and records are published.
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-Dlarch.root=")).collect(Collectors.joining(" "));
    }

    /// @return the most memory that Java may take, in MiB
    static long maxMemoryMiB() {
        return Runtime.getRuntime().maxMemory() >> 20;
    }
}
