package larch.launcher;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Answers on the loopback interface as api.adoptium.net does, or as it does on a bad day.
final class FakeAdoptium implements AutoCloseable {

    /// What the server does wrong.
    enum Fault { NONE, NOT_FOUND, ARCHIVE_NOT_FOUND, NO_OFFER, TAMPERED, TRUNCATED, STALLED }

    /// The paths and queries that were asked for.
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final byte[] archive;
    private final Fault fault;

    FakeAdoptium(byte[] archive, Fault fault) throws IOException {
        this.archive = archive;
        this.fault = fault;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestURI().toString());
        boolean forAssets = exchange.getRequestURI().getPath().equals("/v3/assets/latest/25/hotspot");
        boolean forArchive = exchange.getRequestURI().getPath().equals("/jdk.tar.gz");
        try (exchange) {
            if (forAssets && fault != Fault.NOT_FOUND) {
                byte[] text = (fault == Fault.NO_OFFER ? "[]" : assets()).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            } else if (forArchive && fault != Fault.ARCHIVE_NOT_FOUND) {
                sendArchive(exchange);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void sendArchive(HttpExchange exchange) throws IOException {
        byte[] body = archive.clone();
        if (fault == Fault.TAMPERED) {
            body[body.length / 2] ^= 1;
        }
        exchange.sendResponseHeaders(200, body.length);
        if (fault == Fault.TRUNCATED || fault == Fault.STALLED) {
            body = Arrays.copyOf(body, body.length / 2);
        }
        exchange.getResponseBody().write(body);
        if (fault == Fault.STALLED) {
            exchange.getResponseBody().flush();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// The form of the real answer: an installer may come first, with a link and a checksum of its own.
    private String assets() {
        return """
                [
                    {
                        "binary": {
                            "architecture": "x64",
                            "image_type": "jdk",
                            "installer": {
                                "checksum": "0000",
                                "checksum_link": "http://127.0.0.1/installer.pkg.sha256.txt",
                                "link": "http://127.0.0.1/installer.pkg",
                                "name": "installer.pkg"
                            },
                            "package": {
                                "checksum": "%s",
                                "checksum_link": "%s/jdk.tar.gz.sha256.txt",
                                "download_count": 7,
                                "link": "%s/jdk.tar.gz",
                                "metadata_link": "%s/jdk.tar.gz.json",
                                "name": "jdk.tar.gz",
                                "size": %d
                            },
                            "project": "jdk"
                        },
                        "release_link": "http://127.0.0.1/release",
                        "release_name": "jdk-25.0.1+8",
                        "vendor": "eclipse"
                    }
                ]
                """.formatted(sha256(archive), url(), url(), url(), archive.length);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
