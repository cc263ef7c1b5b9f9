package larch.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import larch.device.DeviceListing;
import larch.device.DeviceListing.State;
import org.jocl.CL;

/// Whether OpenCL can be used in this process; found out once, at the first question.
///
/// The loader is probed without JOCL ([LoaderProbe]). JOCL is touched only when there is a platform, because
/// its class initialiser throws for a missing loader and leaves `org.jocl.CL` unusable afterwards.
public final class OpenCl {
    private static final String TEMPORARY_FOLDER = "java.io.tmpdir";

    private final State state;
    private final String detail;

    private OpenCl(State state, String detail) {
        this.state = state;
        this.detail = detail;
    }

    /// The class initialiser runs once and is the whole synchronisation.
    private static final class Holder {
        static final OpenCl INSTANCE = start();
    }

    /// @return the answer for this process
    public static OpenCl instance() {
        return Holder.INSTANCE;
    }

    /// @return [State#AVAILABLE] if JOCL is loaded and the loader knows at least one platform
    public State state() {
        return state;
    }

    /// @return one line: the loader in use, or what is missing and the fix
    public String detail() {
        return detail;
    }

    private static OpenCl start() {
        LoaderProbe probe = LoaderProbe.run();
        if (probe.state() != State.AVAILABLE) {
            return new OpenCl(probe.state(), probe.detail());
        }
        try {
            loadJocl();
        } catch (IOException e) {
            return broken("JOCL unpacks its native library into " + TEMPORARY_FOLDER + ", where that fails: " + e,
                    "start Java with -D" + TEMPORARY_FOLDER + "=FOLDER, a folder that you may write to");
        } catch (LinkageError e) {
            return broken("JOCL's native library cannot be loaded: " + reason(e), "check that this machine is one of "
                    + "those JOCL has a library for (Linux and macOS on x86-64 and arm64, Windows on x86-64) and that "
                    + TEMPORARY_FOLDER + " allows execution");
        }
        return new OpenCl(State.AVAILABLE, probe.detail());
    }

    /// Initialises JOCL with a temporary folder of its own.
    ///
    /// JOCL unpacks to a fixed name and trusts a file that is already there: in a shared folder that could be
    /// another user's file, or one that a second process is still writing. It reads the property only here;
    /// the JDK read it long before, so nobody else sees the change.
    private static void loadJocl() throws IOException {
        Path folder = Files.createTempDirectory("larch-jocl-");
        String before = System.getProperty(TEMPORARY_FOLDER);
        try {
            System.setProperty(TEMPORARY_FOLDER, folder.toString());
            CL.setExceptionsEnabled(true);
        } finally {
            System.setProperty(TEMPORARY_FOLDER, before);
            delete(folder);
        }
    }

    /// A loaded library may be deleted on every system but Windows, where it is left for the system to clean.
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }

    private static OpenCl broken(String why, String fix) {
        DeviceListing listing = DeviceListing.unavailable(State.BROKEN, why, fix);
        return new OpenCl(listing.state(), listing.detail());
    }

    /// JOCL packs two stack traces into its message; the last exception in it, the one from the unpacked
    /// library, is what a user can act upon.
    static String reason(LinkageError e) {
        return String.valueOf(e.getMessage()).lines()
                .map(String::strip)
                .filter(line -> line.contains("Error: ") || line.contains("Exception: "))
                .reduce((first, second) -> second)
                .orElse(e.toString().lines().findFirst().orElseThrow());
    }
}
