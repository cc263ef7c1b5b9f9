package larch.opencl;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import larch.device.DeviceInfo;

/// PoCL links every kernel for the CPU by the system's `ld`. When it does not find one it calls `abort()`,
/// which no Java code can catch (seen with PoCL 3.1 on Linux): so look before building.
final class PoclLinker {
    private static final String PLATFORM = "Portable Computing Language";

    private PoclLinker() {}

    /// @param device where a kernel is about to be built
    /// @throws OpenClException if that would end the process
    static void require(DeviceInfo device) {
        require(device, System.getProperty("os.name"), System.getenv("PATH"));
    }

    /// [#require(DeviceInfo)] for a given system and search path.
    static void require(DeviceInfo device, String osName, String path) {
        boolean needsLinker = isPoclOnCpu(device) && !osName.toLowerCase(Locale.ROOT).startsWith("windows");
        if (needsLinker && !isOn(path, "ld")) {
            throw new OpenClException("opencl: build a kernel on " + device.summary() + ": PoCL needs the linker 'ld', "
                    + "which is not on PATH (" + (path == null ? "not set" : "'" + path + "'") + "); add its folder, "
                    + "usually /usr/bin, to PATH or install it (Debian, Ubuntu: apt-get install binutils)");
        }
    }

    /// @param device any device
    /// @return whether PoCL compiles for it within this process
    static boolean isPoclOnCpu(DeviceInfo device) {
        return device.platformName().equals(PLATFORM) && device.type() == DeviceInfo.Type.CPU;
    }

    private static boolean isOn(String path, String program) {
        if (path == null) {
            return false;
        }
        for (String folder : path.split(File.pathSeparator)) {
            try {
                if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                    return true;
                }
            } catch (InvalidPathException e) {
                // An entry that is no path holds no program; the search goes on as a shell's would.
                continue;
            }
        }
        return false;
    }
}
