package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `./larch test`: an OpenCL driver first, where one can be had, then Maven.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class TestCommandTest {
    @TempDir Path folder;
    private Sandbox sandbox;
    private Path aptLog;

    /// A Debian system, seen by root, without an OpenCL driver.
    @BeforeEach
    void sandbox() throws IOException, InterruptedException {
        assumeFalse(Files.exists(Path.of("/System/Library/Frameworks/OpenCL.framework")), "a Mac has OpenCL");
        sandbox = new Sandbox(folder);
        sandbox.jdk();
        aptLog = folder.resolve("apt.log");
        sandbox.environment.put("OCL_ICD_VENDORS", Files.createDirectory(folder.resolve("vendors")).toString());
        sandbox.tool("ldconfig", "#!/bin/sh\necho 'libc.so.6 (libc6,x86-64) => /lib/libc.so.6'\n");
        sandbox.tool("id", "#!/bin/sh\necho 0\n");
        sandbox.tool("apt-get", "#!/bin/sh\necho \"$DEBIAN_FRONTEND $*\" >>'" + aptLog + "'\n");
    }

    private List<String> aptCalls() throws IOException {
        return Files.exists(aptLog) ? Files.readAllLines(aptLog) : List.of();
    }

    private void assertTestsRan(Program.Result result) throws IOException {
        assertEquals(0, result.code(), () -> result.err().toString());
        assertEquals(1, sandbox.mavenCalls().size());
        assertTrue(sandbox.mavenCalls().getFirst().endsWith(" verify"), () -> result.err().toString());
        assertFalse(Files.exists(sandbox.root.resolve("target/larch/lock")));
    }

    @Test
    void rootOfADebianSystemGetsADriver() throws Exception {
        Program.Result result = sandbox.larch("test");
        assertTestsRan(result);
        assertEquals("larch: no OpenCL driver found: installing PoCL, which needs no GPU...", result.line());
        assertEquals(List.of("noninteractive -qq update",
                "noninteractive install -y --no-install-recommends pocl-opencl-icd ocl-icd-libopencl1"), aptCalls());
    }

    @Test
    void whereADriverIsNothingIsSaidOrInstalled() throws Exception {
        sandbox.tool("ldconfig", "#!/bin/sh\necho 'libOpenCL.so.1 (libc6,x86-64) => /lib/libOpenCL.so.1'\n");
        Files.writeString(folder.resolve("vendors/pocl.icd"), "libpocl.so.2");
        Program.Result result = sandbox.larch("test");
        assertTestsRan(result);
        assertEquals(List.of(), result.err());
        assertEquals(List.of(), aptCalls());
    }

    @Test
    void aLoaderWithoutDriverIsNotEnough() throws Exception {
        sandbox.tool("ldconfig", "#!/bin/sh\necho 'libOpenCL.so.1 (libc6,x86-64) => /lib/libOpenCL.so.1'\n");
        assertTestsRan(sandbox.larch("test"));
        assertEquals(2, aptCalls().size());
    }

    @Test
    void aFailedAptIsOneLineAndTheTestsGoOn() throws Exception {
        sandbox.tool("apt-get", "#!/bin/sh\necho Reading...; echo 'E: Unable to locate package' >&2\nexit 100\n");
        Program.Result result = sandbox.larch("test");
        assertTestsRan(result);
        assertEquals(List.of("larch: no OpenCL driver found: installing PoCL, which needs no GPU...",
                "larch: apt-get failed (E: Unable to locate package); the OpenCL tests will be skipped"), result.err());
    }

    @Test
    void othersAreToldWhatWouldInstallIt() throws Exception {
        sandbox.tool("id", "#!/bin/sh\necho 1000\n");
        Program.Result result = sandbox.larch("test");
        assertTestsRan(result);
        assertTrue(result.line().endsWith("to run them: sudo apt-get install -y --no-install-recommends"
                + " pocl-opencl-icd ocl-icd-libopencl1"), result::line);
        assertEquals(List.of(), aptCalls());
    }

    @Test
    void offlineNothingIsInstalled() throws Exception {
        sandbox.environment.put("LARCH_OFFLINE", "1");
        Files.createDirectories(sandbox.home.resolve(".m2/wrapper/dists"));
        Program.Result result = sandbox.larch("test");
        assertTestsRan(result);
        assertEquals(List.of(), aptCalls());
        assertTrue(sandbox.mavenCalls().getFirst().endsWith(" -B -ntp -o verify"));
    }

    @Test
    void optionsGoToMavenAndItsExitCodeComesBack() throws Exception {
        sandbox.write("fail", "");
        Program.Result result = sandbox.larch("test", "-Dtest=OpContract", "-Pa b");
        assertEquals(9, result.code());
        assertTrue(sandbox.mavenCalls().getFirst().endsWith(" verify -Dtest=OpContract -Pa b"));
        assertEquals(List.of("[ERROR] A.java: cannot find symbol"), result.out(), "Maven's own output");
    }

    /// The tests start programs of their own, which must neither build nor wait for the lock of the test run.
    @Test
    void programsOfTheTestsRunTheJarUnderTest() throws Exception {
        assertTestsRan(sandbox.larch("test"));
        assertEquals("1", sandbox.mavenCalls().getFirst().split(":")[2]);
    }

    @Test
    void theNextStartNeedsNoBuild() throws Exception {
        assertTestsRan(sandbox.larch("test"));
        Program.Result result = sandbox.larch("reproduce");
        assertTestsRan(result);
        assertEquals(List.of(), result.err());
    }
}
