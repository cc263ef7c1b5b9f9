package larch.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A question in the midst of which the driver ended the process is answered by that, once.
class GpuProbeTest {
    @TempDir Path folder;

    @Test
    void goesOnBehindTheQuestionThatEndedTheProcess() throws Exception {
        Path record = folder.resolve("probes.jsonl");
        Files.writeString(record, "{\"id\":\"E1.target\",\"answer\":\"begun\"}\n");
        GpuProbe.main(new String[] {"E1", folder.toString()});
        List<String> lines = Files.readAllLines(record);
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getLast().contains("\"answer\":\"no\"")
                && lines.getLast().contains("\"verdict\":\"the driver ended the process, or "), lines::toString);
        GpuProbe.main(new String[] {"E1", folder.toString()});
        assertEquals(lines, Files.readAllLines(record));
    }
}
