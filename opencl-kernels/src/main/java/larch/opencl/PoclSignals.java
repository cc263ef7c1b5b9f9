package larch.opencl;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import larch.device.DeviceInfo;

/// PoCL compiles kernels within this process. Its compiler, LLVM, installs handlers for `SIGSEGV` and its like while it
/// writes files, and the JVM raises that signal on purpose, for null checks and safepoints: the handler then deletes the
/// files that are being written, so a build fails with "unable to rename temporary", or the process dies (seen with PoCL 3.1,
/// LLVM 15). The JDK's `libjsig` hands signals on to the JVM first, if it is preloaded; Java calls that signal chaining.
final class PoclSignals {
    private static final System.Logger LOG = System.getLogger("larch");
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private PoclSignals() {}

    /// Warns once in the life of a program if its builds may fail for that reason.
    /// @param device where a kernel is about to be built
    static void check(DeviceInfo device) {
        if (PoclLinker.isPoclOnCpu(device) && Files.isReadable(MAPS) && !isChained(MAPS) && WARNED.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, "opencl: PoCL''s compiler and the JVM use the same signals, so a build may fail or the program "
                    + "die now and then; start Java with LD_PRELOAD={0} (./larch does)",
                    Path.of(System.getProperty("java.home"), "lib", "libjsig.so"));
        }
    }

    /// @param maps the mapped files of a process
    /// @return whether signals are handed on; true if that cannot be known
    static boolean isChained(Path maps) {
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.anyMatch(line -> line.contains("libjsig"));
        } catch (IOException e) {
            return true;
        }
    }
}
