package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a server on this machine, with checksums of its own.
class DataFetcherTest {
    private static final byte[] CONTENT = new byte[200_000];
    private static final String MD5 = HexFormat.of().formatHex(Sha256.newDigest("MD5").digest(CONTENT));

    @TempDir
    private Path cache;
    private HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> notices = new ArrayList<>();
    private final List<long[]> progress = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/data/good.zip", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, CONTENT.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(CONTENT);
            }
        });
        server.createContext("/data/short.zip", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, CONTENT.length / 2);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private DataFetcher fetcher(boolean offline, String md5) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/data/");
        return new DataFetcher(base, cache.resolve("new/folder"), offline,
                Map.of("good", md5, "short", md5, "gone", md5), notices::add);
    }

    private DataFetcher.Options options(boolean refresh) {
        return new DataFetcher.Options(refresh, (done, total) -> progress.add(new long[] {done, total}));
    }

    @Test
    void downloadsOnceChecksAndTellsTheLicence() throws IOException {
        Path zip = fetcher(false, MD5).fetch("good", options(false));
        assertArrayEquals(CONTENT, Files.readAllBytes(zip));
        assertEquals(cache.resolve("new/folder/good.zip"), zip);
        assertTrue(notices.getFirst().contains("Harper") && notices.getFirst().contains("redistribute"),
                "licence note");
        assertArrayEquals(new long[] {0, CONTENT.length}, progress.getFirst());
        assertArrayEquals(new long[] {CONTENT.length, CONTENT.length}, progress.getLast());

        fetcher(true, MD5).fetch("good", options(false));
        assertEquals(1, requests.get(), "a good copy in the cache needs no network");
        fetcher(false, MD5).fetch("good", options(true));
        assertEquals(2, requests.get(), "refresh asks again");
        assertOnly("good.zip");
    }

    @Test
    void aSpoiledCopyIsReplacedAndSaidSo() throws IOException {
        Path folder = Files.createDirectories(cache.resolve("new/folder"));
        Files.writeString(folder.resolve("good.zip"), "spoiled");
        assertArrayEquals(CONTENT, Files.readAllBytes(fetcher(false, MD5).fetch("good", options(false))));
        assertTrue(notices.get(1).contains("wrong checksum and is replaced"), notices.toString());
    }

    @Test
    void errorsLeaveNothingBehind() throws IOException {
        String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/data/";
        assertMessage(base + "gone.zip: expected HTTP status 200, got 404; check the address", fetcher(false, MD5),
                "gone");
        assertMessage(base + "short.zip: expected 200000 bytes, got the end of the connection after ",
                fetcher(false, MD5),
                "short");
        assertMessage(base + "good.zip: expected the MD5 sum " + "0".repeat(32) + ", got " + MD5 + "; ",
                fetcher(false, "0".repeat(32)), "good");
        assertMessage(base + "good.zip: expected access to the network, got LARCH_OFFLINE=1; ", fetcher(true, MD5),
                "good");
        assertMessage("data fetch: expected one of gone, good, short, got \"ml-10m\"; ", fetcher(false, MD5), "ml-10m");
        server.stop(0);
        assertMessage(base + "good.zip: expected an answer from the server, got ConnectException",
                fetcher(false, MD5), "good");
        assertOnly();
    }

    @Test
    void aFailedRefreshKeepsTheOldCopy() throws IOException {
        fetcher(false, MD5).fetch("good", options(false));
        assertThrows(DataException.class, () -> fetcher(false, "0".repeat(32)).fetch("good", options(true)));
        assertArrayEquals(CONTENT, Files.readAllBytes(cache.resolve("new/folder/good.zip")));
        assertOnly("good.zip");
    }

    @Test
    void anUnusableCacheFolderIsNamed() throws IOException {
        Files.writeString(cache.resolve("new"), "a file where a folder should be");
        assertMessage(cache.resolve("new/folder/good.zip") + ": expected a cache folder that can be read and written, got ",
                fetcher(false, MD5), "good");
    }

    @Test
    void theEnvironmentChoosesAddressAndOffline() {
        for (String bad : List.of("not an address", "ftp://example.org/x", "/just/a/path")) {
            DataException e = assertThrows(DataException.class,
                    () -> DataFetcher.fromEnvironment(Map.of("LARCH_DATA_URL", bad), cache, notices::add));
            assertTrue(e.getMessage().contains("\"" + bad + "\""), e.getMessage());
        }
        DataFetcher mirror = DataFetcher.fromEnvironment(
                Map.of("LARCH_DATA_URL", "http://127.0.0.1:9/m", "LARCH_OFFLINE", "1"), cache, notices::add);
        assertMessage("http://127.0.0.1:9/m/ml-1m.zip: expected access to the network", mirror, "ml-1m");
        DataFetcher standard = DataFetcher.fromEnvironment(Map.of("LARCH_OFFLINE", "1"), cache, notices::add);
        assertMessage("https://files.grouplens.org/datasets/movielens/ml-100k.zip: expected access", standard,
                "ml-100k");
    }

    private void assertMessage(String start, DataFetcher fetcher, String name) {
        DataException e = assertThrows(DataException.class, () -> fetcher.fetch(name, options(false)));
        assertTrue(e.getMessage().startsWith(start), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    private void assertOnly(String... names) throws IOException {
        Path folder = cache.resolve("new/folder");
        assertFalse(Files.notExists(folder) && names.length > 0);
        try (var files = Files.list(Files.createDirectories(folder))) {
            assertEquals(Arrays.asList(names), files.map(file -> file.getFileName().toString()).toList());
        }
    }
}
