package larch.fncf.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import larch.machine.CacheFolder;

/// Downloads MovieLens from GroupLens into the cache, once, and checks it.
///
/// The licence allows research use and forbids redistribution, which is why no MovieLens file comes with this
/// project. A download goes to a temporary file and is moved into place only when its checksum is right.
public final class DataFetcher {
    /// The MD5 sums that GroupLens publishes beside its zips, by data set.
    public static final Map<String, String> GROUPLENS_MD5 = Collections.unmodifiableMap(new TreeMap<>(Map.of(
            "ml-100k", "0e33842e24a9c977be4e0107933c0723",
            "ml-1m", "c4d9eecfca2ab87c1945afe126590906")));
    /// Where GroupLens keeps its zips.
    public static final URI GROUPLENS = URI.create("https://files.grouplens.org/datasets/movielens");
    /// What everybody who downloads has to know.
    public static final String LICENCE = """
            MovieLens is the property of GroupLens Research, University of Minnesota. You may use it for
            research, not for commercial purposes, and you may not redistribute it; the README in the zip has
            the full terms. Please cite: F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets:
            History and Context. ACM Transactions on Interactive Intelligent Systems 5, 4, Article 19.
            https://doi.org/10.1145/2827872""";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Hears how far a download is.
    @FunctionalInterface
    public interface Progress {
        /// @param doneBytes  received so far
        /// @param totalBytes to be received, -1 when the server does not say
        void at(long doneBytes, long totalBytes);
    }

    /// How to fetch.
    /// @param refresh  download even if a good copy is in the cache
    /// @param progress hears how far it is
    public record Options(boolean refresh, Progress progress) { }

    private final URI base;
    private final Path cache;
    private final boolean offline;
    private final Map<String, String> md5;
    private final Consumer<String> notice;

    /// @param base    the address of the folder that holds `NAME.zip`
    /// @param cache   the folder for downloads; created when needed
    /// @param offline true to refuse any access to the network
    /// @param md5     the names that can be fetched and the MD5 sum of each zip
    /// @param notice  receives the licence note and what was done
    public DataFetcher(URI base, Path cache, boolean offline, Map<String, String> md5, Consumer<String> notice) {
        if (base.getHost() == null || !List.of("http", "https").contains(base.getScheme())) {
            throw DataException.of("download address", "one such as " + GROUPLENS, "\"" + base + "\"",
                    "correct or unset LARCH_DATA_URL");
        }
        this.base = base;
        this.cache = cache;
        this.offline = offline;
        this.md5 = new TreeMap<>(md5);
        this.notice = notice;
    }

    /// The fetcher for users: GroupLens, or the mirror in `LARCH_DATA_URL`; `LARCH_OFFLINE=1` forbids the
    /// network.
    /// @param notice receives the licence note and what was done
    /// @return the fetcher
    public static DataFetcher fromEnvironment(Consumer<String> notice) {
        return fromEnvironment(System.getenv(), CacheFolder.of("data"), notice);
    }

    static DataFetcher fromEnvironment(Map<String, String> environment, Path cache, Consumer<String> notice) {
        String address = environment.getOrDefault("LARCH_DATA_URL", GROUPLENS.toString());
        try {
            boolean offline = environment.getOrDefault("LARCH_OFFLINE", "").equals("1");
            return new DataFetcher(URI.create(address), cache, offline, GROUPLENS_MD5, notice);
        } catch (IllegalArgumentException e) {
            throw DataException.of("LARCH_DATA_URL", "an address such as " + GROUPLENS, "\"" + address + "\"",
                    "correct or unset the variable").causedBy(e);
        }
    }

    /// @param name    `ml-100k` or `ml-1m`
    /// @param options how to fetch
    /// @return the zip in the cache, as [Datasets#open] finds it under `name`; throws [DataException] when it
    ///         cannot be had
    public Path fetch(String name, Options options) {
        if (!md5.containsKey(name)) {
            throw DataException.of("data fetch", "one of " + String.join(", ", md5.keySet()), "\"" + name + "\"",
                    "choose one of them; the data set `embedded` needs no download");
        }
        Path target = cache.resolve(name + ".zip");
        URI address = URI.create(base.toString().replaceFirst("/+$", "") + "/" + name + ".zip");
        notice.accept(LICENCE);
        try {
            if (!options.refresh() && Files.exists(target)) {
                if (md5Of(target).equals(md5.get(name))) {
                    notice.accept(name + ": already in the cache, checksum right: " + target);
                    return target;
                }
                notice.accept(name + ": the copy in the cache has a wrong checksum and is replaced: " + target);
            }
            if (offline) {
                throw DataException.of(address.toString(), "access to the network", "LARCH_OFFLINE=1",
                        "unset LARCH_OFFLINE, or put the file at " + target + " yourself");
            }
            SafeFiles.write(target, temporary -> download(address, temporary, md5.get(name), options.progress()));
        } catch (IOException e) {
            throw DataException.of(target.toString(), "a cache folder that can be read and written",
                    FolderSource.reason(e), "check its permissions, or set LARCH_CACHE to another folder").causedBy(e);
        }
        notice.accept(name + ": downloaded, checksum right: " + target);
        return target;
    }

    private void download(URI address, Path to, String expectedMd5, Progress progress) throws IOException {
        HttpClient.Builder settings = HttpClient.newBuilder().connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NORMAL);
        try (HttpClient client = settings.build()) {
            HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
            HttpResponse<InputStream> response = send(client, request);
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw DataException.of(address.toString(), "HTTP status 200", String.valueOf(response.statusCode()),
                            "check the address (LARCH_DATA_URL), or try again later");
                }
                long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
                String got = receive(address, body, to, total, progress);
                if (!got.equals(expectedMd5)) {
                    throw DataException.of(address.toString(), "the MD5 sum " + expectedMd5, got,
                            "the download is damaged or not the published file: try again, or another mirror");
                }
            }
        }
    }

    private static HttpResponse<InputStream> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw DataException.of(request.uri().toString(), "an answer from the server", FolderSource.reason(e),
                    "check the network connection and the proxy settings").causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DataException.of(request.uri().toString(), "a download", "an interruption", "start it again")
                    .causedBy(e);
        }
    }

    private static String receive(URI address, InputStream body, Path to, long total, Progress progress)
            throws IOException {
        MessageDigest digest = Sha256.newDigest("MD5");
        byte[] buffer = new byte[1 << 16];
        long done = 0;
        try (OutputStream out = Files.newOutputStream(to)) {
            progress.at(0, total);
            while (true) {
                int count = read(address, body, buffer, done, total);
                if (count < 0) {
                    return HexFormat.of().formatHex(digest.digest());
                }
                digest.update(buffer, 0, count);
                out.write(buffer, 0, count);
                done += count;
                if (done > FileSource.MAX_FILE_BYTES) {
                    throw DataException.of(address.toString(), "at most " + FileSource.MAX_FILE_BYTES + " bytes",
                            "more", "check the address (LARCH_DATA_URL)");
                }
                progress.at(done, total);
            }
        }
    }

    private static int read(URI address, InputStream body, byte[] buffer, long done, long total) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw DataException.of(address.toString(), total < 0 ? "the whole file" : total + " bytes",
                    "the end of the connection after " + done + " bytes", "try again").causedBy(e);
        }
    }

    private static String md5Of(Path file) throws IOException {
        MessageDigest digest = Sha256.newDigest("MD5");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
