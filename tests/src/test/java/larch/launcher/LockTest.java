package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Builds that meet: one builds, the others wait; and what a killed one leaves stops nobody.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class LockTest {
    @TempDir Path folder;
    private Sandbox sandbox;
    private Path lock;

    @BeforeEach
    void sandbox() throws IOException, InterruptedException {
        sandbox = new Sandbox(folder);
        sandbox.jdk();
        lock = sandbox.root.resolve("target/larch/lock");
    }

    private void lockedBy(long process, String machine) throws IOException {
        Files.createDirectories(lock);
        Files.writeString(lock.resolve("owner"), process + " " + machine + "\n");
    }

    private static String thisMachine() throws IOException {
        Process uname = new ProcessBuilder("uname", "-n").start();
        return new String(uname.getInputStream().readAllBytes()).trim();
    }

    private static long deadProcess() throws IOException, InterruptedException {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        return dead.pid();
    }

    private void age(int minutes) throws IOException {
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(60L * minutes)));
    }

    private void assertBuilds(int builds, Program.Result result) throws IOException {
        assertEquals(0, result.code(), () -> result.err().toString());
        assertEquals(builds, sandbox.mavenCalls().size(), "builds so far");
        assertFalse(Files.exists(lock), "the lock is still there");
    }

    @Test
    void startsAtOnceBuildOnce() throws Exception {
        sandbox.environment.put("FAKE_BUILD_SECONDS", "1");
        List<Program> programs = List.of(sandbox.start("a"), sandbox.start("b"), sandbox.start("c"));
        int said = 0;
        for (Program program : programs) {
            Program.Result result = program.finish();
            assertEquals(0, result.code(), () -> result.err().toString());
            said += result.line().equals("larch: building (first use)...") ? 1 : 0;
        }
        assertEquals(1, said);
        assertEquals(1, sandbox.mavenCalls().size());
        assertFalse(Files.exists(lock));
    }

    @Test
    void breaksTheLockOfADeadProcess() throws Exception {
        lockedBy(deadProcess(), thisMachine());
        Program.Result result = sandbox.larch();
        assertBuilds(1, result);
        assertEquals("larch: building (first use)...", result.line());
    }

    @Test
    void manyStartsBreakALockOnce() throws Exception {
        lockedBy(deadProcess(), thisMachine());
        List<Program> programs =
                List.of(sandbox.start("a"), sandbox.start("b"), sandbox.start("c"), sandbox.start("d"));
        for (Program program : programs) {
            assertEquals(0, program.finish().code());
        }
        assertBuilds(1, sandbox.larch());
        assertEquals(List.of("build.log", "larch.jar", "larch.jar.sources"), Sandbox.files(lock.getParent()));
    }

    @Test
    void waitsForALivingProcess() throws Exception {
        lockedBy(ProcessHandle.current().pid(), thisMachine());
        Program waiting = sandbox.start();
        waiting.awaitErr("larch: waiting for another larch (process " + ProcessHandle.current().pid());
        Thread.sleep(1500);
        assertTrue(waiting.process().isAlive());
        assertEquals(0, sandbox.mavenCalls().size());
        Files.delete(lock.resolve("owner"));
        Files.delete(lock);
        assertBuilds(1, waiting.finish());
    }

    @Test
    void aLockWithoutOwnerIsBrokenOnlyWhenItIsOld() throws Exception {
        Files.createDirectories(lock);
        Program waiting = sandbox.start();
        waiting.awaitErr("larch: waiting for another larch");
        assertEquals(0, sandbox.mavenCalls().size());
        age(3);
        assertBuilds(1, waiting.finish());
    }

    /// Its processes cannot be seen from here.
    @Test
    void theLockOfAnotherMachineIsBrokenAfterAnHour() throws Exception {
        lockedBy(deadProcess(), "elsewhere");
        age(50);
        Program waiting = sandbox.start();
        waiting.awaitErr(" on elsewhere); if there is none, remove " + lock);
        assertEquals(0, sandbox.mavenCalls().size());
        age(62);
        assertBuilds(1, waiting.finish());
    }
}
