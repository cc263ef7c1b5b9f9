package larch.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What another library did with the same work; NaN where a figure does not exist.
///
/// @param name             the name of our row
/// @param shape            its shape
/// @param peer             library and version
/// @param threads          threads that it was given; 0 if it is missing
/// @param gflops           10⁹ flops per second
/// @param samplesPerSecond of the row's unit
/// @param note             how, or why it is missing; may be empty
public record PeerRow(String name, String shape, String peer, int threads, double gflops, double samplesPerSecond, String note) {
    /// @param line one JSON object, as `bench/README.md` describes it
    /// @return the row
    /// @throws IllegalArgumentException if it is something else
    public static PeerRow parse(String line) {
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(line);
        } catch (JsonProcessingException _) {
            throw new IllegalArgumentException("expected a JSON object, got: " + line);
        }
        for (String key : List.of("name", "shape", "peer")) {
            if (!json.path(key).isTextual()) {
                throw new IllegalArgumentException("expected text under \"" + key + "\", got: " + line);
            }
        }
        return new PeerRow(json.get("name").asText(), json.get("shape").asText(), json.get("peer").asText(),
                json.path("threads").asInt(0), json.path("gflops").asDouble(Double.NaN),
                json.path("samples_per_second").asDouble(Double.NaN), json.path("note").asText(""));
    }

    /// @return whether it was measured at all
    boolean isMeasured() {
        return !Double.isNaN(gflops) || !Double.isNaN(samplesPerSecond);
    }

    /// @param row our row
    /// @return whether this was measured with the same work and no more threads
    boolean isComparableTo(Row row) {
        return name.equals(row.name()) && shape.equals(row.shape()) && threads <= row.threads()
                && Double.isFinite(row.speedRelativeTo(this));
    }

    /// @param row   our row
    /// @param peers all peers' rows
    /// @return the fastest of those that can be compared
    static Optional<PeerRow> best(Row row, List<PeerRow> peers) {
        return peers.stream().filter(peer -> peer.isComparableTo(row)).min(Comparator.comparingDouble(row::speedRelativeTo));
    }

    /// @param rows our rows
    /// @return the row for programs; the ratio is that of our row with the fewest threads that suffice
    Map<String, Object> json(List<Row> rows) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("shape", shape);
        json.put("peer", peer);
        json.put("threads", threads == 0 ? null : threads);
        json.put("gflops", Row.orNull(gflops));
        json.put("samples_per_second", Row.orNull(samplesPerSecond));
        json.put("note", note.isEmpty() ? null : note);
        json.put("ratio", rows.stream().filter(this::isComparableTo).min(Comparator.comparingInt(Row::threads))
                .map(row -> Row.orNull(row.speedRelativeTo(this))).orElse(null));
        return json;
    }
}
