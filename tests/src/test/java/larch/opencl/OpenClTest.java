package larch.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class OpenClTest {
    /// The shape of JOCL 2.0.6's message; the folder does not allow execution.
    private static final String JOCL_MESSAGE = """
            Error while loading native library "JOCL_2_0_6-linux-x86_64"
            Operating system name: Linux
            ---(start of nested stack traces)---
            Stack trace from the attempt to load the library as a file:
            java.lang.UnsatisfiedLinkError: no JOCL_2_0_6-linux-x86_64 in java.library.path: /usr/lib
            \tat java.base/java.lang.System.loadLibrary(System.java:2059)
            Stack trace from the attempt to load the library as a resource:
            java.lang.UnsatisfiedLinkError: /tmp/x.so: failed to map segment from shared object
            \tat java.base/java.lang.Runtime.load(Runtime.java:850)
            ---(end of nested stack traces)---
            """;

    @Test
    void ofJoclsTwoStackTracesOneLineIsKept() {
        assertEquals("java.lang.UnsatisfiedLinkError: /tmp/x.so: failed to map segment from shared object",
                OpenCl.reason(new UnsatisfiedLinkError(JOCL_MESSAGE)));
    }

    @Test
    void anyOtherLinkageErrorKeepsItsFirstLine() {
        assertEquals("java.lang.NoClassDefFoundError: org/jocl/CL",
                OpenCl.reason(new NoClassDefFoundError("org/jocl/CL")));
    }

    @Test
    void theLoaderHasItsUsualNameOnEverySystem() {
        assertEquals(List.of("libOpenCL.so.1", "libOpenCL.so"), LoaderProbe.loaderNames("Linux"));
        assertEquals(List.of("OpenCL.dll"), LoaderProbe.loaderNames("Windows 11"));
        assertEquals("/System/Library/Frameworks/OpenCL.framework/Versions/Current/OpenCL",
                LoaderProbe.loaderNames("Mac OS X").getFirst());
    }
}
