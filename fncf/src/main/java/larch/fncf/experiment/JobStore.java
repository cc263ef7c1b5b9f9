package larch.fncf.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/// Finished jobs of a reproduction, so that an interrupted one goes on where it stopped.
///
/// A job's key is a hash over everything that its result depends on: data, options, method, attack, seed, arithmetic, and the
/// code that computes it ([CodeFingerprint]). A result under the same key is the same result, so it is taken; anything else in
/// the folder is left alone.
final class JobStore {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path folder;

    /// @param folder where results go
    JobStore(Path folder) throws IOException {
        this.folder = folder;
        for (String part : new String[] {"models", "jobs", "tables"}) {
            Files.createDirectories(folder.resolve(part));
        }
    }

    /// @param parts everything that a result depends on
    /// @return twelve hexadecimal digits
    static String key(Object... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Object part : parts) {
                sha.update(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 6);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    Path model(String name) {
        return folder.resolve("models").resolve(name + ".safetensors");
    }

    /// A finished job's record. One that cannot be read is as good as none: the job is done again.
    <T> Optional<T> find(String name, Class<T> type) throws IOException {
        Path file = record(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(file), type));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    void put(String name, Object result) throws IOException {
        write(record(name), JSON.writeValueAsString(result) + "\n");
    }

    private Path record(String name) {
        return folder.resolve("jobs").resolve(name + ".json");
    }

    /// Refuses a folder in which results of another configuration would be lost.
    /// @param configuration of the results to come
    void requireSame(Map<String, String> configuration) throws IOException {
        Path file = folder.resolve("results.json");
        JsonNode known = null;
        try {
            known = Files.exists(file) ? JSON.readTree(Files.readString(file)).get("configuration") : null;
        } catch (JsonProcessingException _) {
            // Nothing that a reader could have used.
        }
        if (known == null) {
            return;
        }
        for (Map.Entry<String, String> option : configuration.entrySet()) {
            String before = known.path(option.getKey()).asText("");
            if (!before.equals(option.getValue())) {
                throw new IOException(file + " was computed with " + option.getKey() + "=" + before + ", this run would have "
                        + option.getValue() + "; give it a folder of its own with --out");
            }
        }
    }

    void writeResults(Results results) throws IOException {
        write(folder.resolve("results.json"), JSON.writeValueAsString(results) + "\n");
    }

    void writeTable(String name, String text) throws IOException {
        write(folder.resolve("tables").resolve(name), text);
    }

    private static void write(Path file, String text) throws IOException {
        Path temporary = Files.createTempFile(file.getParent(), ".", ".part");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
