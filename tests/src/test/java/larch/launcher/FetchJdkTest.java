package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import larch.launcher.FakeAdoptium.Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The script on a machine without JDK 25: it fetches one, or says in one line why it cannot and leaves nothing.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class FetchJdkTest {
    private static final String[] TOOLS = {
        "uname", "dirname", "mkdir", "rm", "mv", "cp", "cat", "grep", "tail", "tr", "sed", "cut", "sort", "find",
        "cksum", "tar", "gzip", "sleep", "sh", "sha256sum",
    };

    @TempDir Path folder;
    private Sandbox sandbox;

    @BeforeEach
    void sandbox() throws IOException {
        sandbox = new Sandbox(folder);
    }

    private FakeAdoptium adoptium(Fault fault) throws IOException, InterruptedException {
        return adoptium(fault, "25.0.1");
    }

    private FakeAdoptium adoptium(Fault fault, String version) throws IOException, InterruptedException {
        byte[] archive = FakeJdk.archive(Files.createDirectory(folder.resolve("adoptium")), version);
        return serve(archive, fault);
    }

    private FakeAdoptium serve(byte[] archive, Fault fault) throws IOException {
        FakeAdoptium server = new FakeAdoptium(archive, fault);
        sandbox.environment.put("LARCH_ADOPTIUM_URL", server.url());
        return server;
    }

    private void assertRefusal(String reason, Program.Result result) throws IOException {
        assertEquals(3, result.code(), () -> result.err().toString());
        assertTrue(result.line().startsWith("larch: no JDK 25 found"), result::line);
        assertTrue(result.line().contains(reason), result::line);
        assertEquals(List.of(), result.out());
        assertEquals(List.of(), Sandbox.files(sandbox.cache), "left in the cache");
        assertEquals(List.of(), sandbox.mavenCalls());
    }

    @ParameterizedTest
    @CsvSource({"curl", "wget"})
    void fetchesOnceAndRunsOnWhatItFetched(String downloader) throws Exception {
        sandbox.onlyTools(TOOLS);
        sandbox.onlyTools(downloader);
        try (FakeAdoptium server = adoptium(Fault.NONE)) {
            Program.Result first = sandbox.larch("reproduce", "two words");
            assertEquals(0, first.code(), () -> first.err().toString());
            assertEquals(2, first.err().size(), () -> first.err().toString());
            String line = first.err().getFirst();
            assertTrue(line.startsWith("larch: no JDK 25 found: fetching Temurin 25 for "), line);
            assertTrue(line.endsWith(" done: " + sandbox.cache.resolve("larch/jdk/temurin-25")), line);
            assertEquals("larch: building (first use)...", first.err().getLast());
            assertEquals(List.of("reproduce", "two words"), FakeJdk.programArguments(first));
            assertEquals(2, server.requests.size(), () -> server.requests.toString());
            String query = server.requests.getFirst();
            assertTrue(query.contains("image_type=jdk") && query.contains("vendor=eclipse"), query);

            Program.Result second = sandbox.larch("reproduce");
            assertEquals(0, second.code());
            assertEquals(List.of(), second.err());
            assertEquals(2, server.requests.size(), "the second start asked again");
            assertEquals(List.of("bin/java", "bin/javac", "release"),
                    Sandbox.files(sandbox.cache.resolve("larch/jdk/temurin-25")));
            assertEquals(3, Sandbox.files(sandbox.cache).size(), "the cache holds more than the JDK");
        }
    }

    @Test
    void twoStartsAtOnceFetchOnce() throws Exception {
        try (FakeAdoptium server = adoptium(Fault.NONE)) {
            List<Program> programs = List.of(sandbox.start("a"), sandbox.start("b"), sandbox.start("c"));
            for (Program program : programs) {
                Program.Result result = program.finish();
                assertEquals(0, result.code(), () -> result.err().toString());
            }
            assertEquals(2, server.requests.size(), () -> server.requests.toString());
            assertEquals(1, sandbox.mavenCalls().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "curl, NOT_FOUND, 404", "wget, NOT_FOUND, 404",
        "curl, ARCHIVE_NOT_FOUND, 404", "wget, ARCHIVE_NOT_FOUND, 404",
        "curl, NO_OFFER, it offers no JDK 25",
        "curl, TAMPERED, checksum", "wget, TAMPERED, checksum",
        "curl, TRUNCATED, cannot get", "wget, TRUNCATED, cannot get",
    })
    void aFaultOfTheServerIsOneLine(String downloader, Fault fault, String reason) throws Exception {
        sandbox.onlyTools(TOOLS);
        sandbox.onlyTools(downloader);
        try (FakeAdoptium server = adoptium(fault)) {
            Program.Result result = sandbox.larch();
            assertRefusal(reason, result);
            assertTrue(result.line().contains(" ... failed: "), result::line);
            assertTrue(result.line().contains(server.url()), result::line);
        }
    }

    @Test
    void theChecksumLineNamesBothSums() throws Exception {
        byte[] archive = FakeJdk.archive(Files.createDirectory(folder.resolve("adoptium")), "25.0.1");
        try (FakeAdoptium server = serve(archive, Fault.TAMPERED)) {
            byte[] sent = archive.clone();
            sent[sent.length / 2] ^= 1;
            Program.Result result = sandbox.larch();
            assertRefusal("SHA-256 " + FakeAdoptium.sha256(sent) + ", expected " + FakeAdoptium.sha256(archive),
                    result);
            assertEquals(2, server.requests.size());
        }
    }

    @Test
    void somethingElseThanAnArchiveIsOneLine() throws Exception {
        try (FakeAdoptium server = serve("<html>Sign in to the network</html>".getBytes(StandardCharsets.UTF_8),
                Fault.NONE)) {
            assertRefusal(server.url() + "/jdk.tar.gz is no tar.gz archive", sandbox.larch());
        }
    }

    @Test
    void anArchiveOfAnotherJdkIsOneLine() throws Exception {
        try (FakeAdoptium server = adoptium(Fault.NONE, "24.0.2")) {
            assertRefusal("there is no JDK 25 in " + server.url(), sandbox.larch());
        }
    }

    @Test
    void aRefusedConnectionIsOneLine() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            sandbox.environment.put("LARCH_ADOPTIUM_URL", "http://127.0.0.1:" + free.getLocalPort());
        }
        assertRefusal("cannot get http://127.0.0.1:", sandbox.larch());
    }

    @Test
    void offlineNothingIsAskedFor() throws Exception {
        sandbox.environment.put("LARCH_OFFLINE", "1");
        try (FakeAdoptium server = adoptium(Fault.NONE)) {
            assertRefusal("LARCH_OFFLINE", sandbox.larch());
            assertEquals(List.of(), server.requests);
        }
    }

    @Test
    void withoutCurlAndWgetItSaysSo() throws Exception {
        sandbox.onlyTools(TOOLS);
        assertRefusal("neither curl nor wget", sandbox.larch());
    }

    @Test
    void aSystemThatAdoptiumDoesNotServeIsNamed() throws Exception {
        sandbox.tool("uname", "#!/bin/sh\necho Plan9\n");
        assertRefusal("none can be fetched for Plan9", sandbox.larch());
    }

    @Test
    void aCacheThatCannotBeWrittenIsOneLine() throws Exception {
        Files.writeString(sandbox.cache, "a file where the folder should be");
        Program.Result result = sandbox.larch();
        assertEquals(3, result.code());
        assertEquals("larch: cannot write to the folder " + sandbox.cache.resolve("larch/jdk"), result.line());
    }

    /// The half download and the lock go, and the downloader does not live on.
    @Test
    void terminatedWhileItFetchesItLeavesNothing() throws Exception {
        try (FakeAdoptium server = adoptium(Fault.STALLED)) {
            Program program = sandbox.start();
            program.awaitErr("fetching");
            while (server.requests.size() < 2) {
                Thread.sleep(10);
            }
            List<ProcessHandle> children = program.process().descendants().toList();
            assertFalse(children.isEmpty());
            program.process().destroy();
            Program.Result result = program.finish();
            assertEquals(143, result.code());
            assertTrue(result.line().endsWith(" failed: terminated"), result::line);
            assertEquals(List.of(), Sandbox.files(sandbox.cache));
            for (ProcessHandle child : children) {
                child.onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }
}
