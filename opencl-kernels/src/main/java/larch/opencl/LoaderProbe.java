package larch.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import larch.device.DeviceListing;
import larch.device.DeviceListing.State;

/// Finds the OpenCL loader and counts its platforms through the JDK's foreign-function interface, so that a
/// machine without OpenCL is told so in one line.
///
/// The system property `larch.opencl.library` names another loader (a file or a soname). On Linux JOCL then
/// uses it too: the probe keeps the library open, and `dlopen("libOpenCL.so.1")` answers with an open
/// library of that soname before it searches.
/// @param state [State#AVAILABLE] if there is at least one platform
/// @param detail the loader in use, or what is missing and the fix
record LoaderProbe(State state, String detail) {
    /// The property that names another loader.
    static final String LIBRARY_PROPERTY = "larch.opencl.library";

    private static final int CL_SUCCESS = 0;
    private static final int CL_PLATFORM_NOT_FOUND_KHR = -1001;
    private static final String GET_DRIVER = "install the driver of your GPU, or PoCL to run on the CPU "
            + "(Debian, Ubuntu: apt-get install ocl-icd-libopencl1 pocl-opencl-icd)";
    private static final String GET_ICD = "install PoCL to run on the CPU (Debian, Ubuntu: apt-get install "
            + "pocl-opencl-icd); for an NVIDIA GPU, let /etc/OpenCL/vendors/nvidia.icd hold the line "
            + "libnvidia-opencl.so.1";

    static LoaderProbe run() {
        String override = System.getProperty(LIBRARY_PROPERTY);
        List<String> candidates = override == null ? loaderNames(System.getProperty("os.name")) : List.of(override);
        String fix = override == null ? GET_DRIVER
                : "-D" + LIBRARY_PROPERTY + " must name an OpenCL loader; without it the usual one is taken";
        for (String name : candidates) {
            try {
                return countPlatforms(name, open(name), fix);
            } catch (IllegalArgumentException e) {
                // This one cannot be opened; the message below names all that were tried.
                continue;
            }
        }
        return unavailable(State.NO_DRIVER, "no OpenCL loader: cannot open " + String.join(" or ", candidates), fix);
    }

    /// @param osName the system property `os.name`
    /// @return the loader's names on that system, in the order in which JOCL tries them
    static List<String> loaderNames(String osName) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.startsWith("windows")) {
            return List.of("OpenCL.dll");
        }
        if (os.startsWith("mac")) {
            return List.of("/System/Library/Frameworks/OpenCL.framework/Versions/Current/OpenCL", "libOpenCL.dylib");
        }
        return List.of("libOpenCL.so.1", "libOpenCL.so");
    }

    /// The global arena: drivers leave threads behind, so a loader must never be closed.
    @SuppressWarnings("restricted")
    private static SymbolLookup open(String name) {
        return SymbolLookup.libraryLookup(name, Arena.global());
    }

    @SuppressWarnings("restricted")
    private static LoaderProbe countPlatforms(String name, SymbolLookup library, String fix) {
        MemorySegment function = library.find("clGetPlatformIDs").orElse(null);
        if (function == null) {
            return unavailable(State.BROKEN, name + " has no function clGetPlatformIDs: it is no OpenCL loader", fix);
        }
        var signature = FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            int status = (int) Linker.nativeLinker().downcallHandle(function, signature)
                    .invokeExact(0, MemorySegment.NULL, count);
            int platforms = count.get(ValueLayout.JAVA_INT, 0);
            if (status == CL_PLATFORM_NOT_FOUND_KHR || (status == CL_SUCCESS && platforms == 0)) {
                return noPlatform("the OpenCL loader " + name + " is here, but ");
            }
            if (status != CL_SUCCESS) {
                return unavailable(State.BROKEN, "clGetPlatformIDs of " + name + " fails with status " + status, fix);
            }
            return new LoaderProbe(State.AVAILABLE, "loader " + name);
        } catch (Throwable e) {
            // invokeExact declares Throwable, but a C function throws nothing.
            throw new AssertionError("clGetPlatformIDs of " + name, e);
        }
    }

    /// A driver that is registered but missing must not be called unregistered.
    private static LoaderProbe noPlatform(String loader) {
        List<String> missing = DriverFiles.complaints(System.getenv(DriverFiles.VENDORS_VARIABLE));
        if (missing.isEmpty()) {
            return unavailable(State.NO_DEVICES, loader + "no driver is registered with it" + vendorsOverride(),
                    GET_ICD);
        }
        return unavailable(State.NO_DEVICES, loader + String.join(", and ", missing) + vendorsOverride(),
                "install that driver again, or delete the file and " + GET_ICD);
    }

    /// The variable replaces the usual folder of drivers: the likeliest reason why a present one is not found.
    private static String vendorsOverride() {
        String vendors = System.getenv(DriverFiles.VENDORS_VARIABLE);
        return vendors == null ? "" : " (" + DriverFiles.VENDORS_VARIABLE + " is set to '" + vendors + "')";
    }

    private static LoaderProbe unavailable(State state, String why, String fix) {
        return new LoaderProbe(state, DeviceListing.unavailable(state, why, fix).detail());
    }
}
