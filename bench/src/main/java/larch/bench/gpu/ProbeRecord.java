package larch.bench.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import larch.opencl.probe.Finding;
import larch.opencl.probe.Probe;

/// The answers of probes as JSON lines, appended one by one, so that a process that is ended leaves what it
/// knew.
///
/// A line is `{"id": ..., "answer": "begun"}` or has also `question`, `verdict`, `numbers`, `detail`.
final class ProbeRecord {
    private static final String BEGUN = "begun";
    private static final ObjectMapper JSON = new ObjectMapper();

    /// How far a probe came.
    enum State { UNKNOWN, BEGUN, ANSWERED }

    private final Path file;
    private final Map<String, State> states = new HashMap<>();

    private ProbeRecord(Path file) {
        this.file = file;
    }

    /// @param file the record, continued if it exists
    static ProbeRecord open(Path file) throws IOException {
        var record = new ProbeRecord(file);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                JsonNode node = JSON.readTree(line);
                record.states.put(node.path("id").asText(),
                        node.path("answer").asText().equals(BEGUN) ? State.BEGUN : State.ANSWERED);
            }
        }
        return record;
    }

    State state(String id) {
        return states.getOrDefault(id, State.UNKNOWN);
    }

    void begin(Probe probe) throws IOException {
        append(Map.of("id", probe.id(), "answer", BEGUN), probe.id(), State.BEGUN);
    }

    void answer(Probe probe, Finding finding) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", probe.id());
        line.put("answer", finding.answer().text());
        line.put("question", probe.question());
        line.put("verdict", finding.verdict());
        line.put("numbers", new TreeMap<>(finding.numbers()));
        line.put("detail", finding.detail());
        append(line, probe.id(), State.ANSWERED);
    }

    private void append(Map<String, ?> line, String id, State state) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(line) + "\n", StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        states.put(id, state);
    }
}
