package larch.fncf.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import larch.fncf.experiment.Provenance;
import picocli.CommandLine.Option;

/// `--json`: the result for programs, beside the text for people.
final class JsonOption {
    private static final String NAME = "--json";
    private static final String STANDARD_OUTPUT = "-";

    @Option(names = NAME, paramLabel = "FILE",
            description = "Also write the result as JSON; - prints it in place of the text.")
    private String target;

    /// Finds out before the work whether the file can be written.
    void requireWritable() {
        if (target == null || target.equals(STANDARD_OUTPUT)) {
            return;
        }
        Path file = OutputFile.path(NAME, target);
        if (file.getFileName() == null || Files.isDirectory(file)) {
            throw UserError.of(NAME, "expected a file, got the folder " + file + "; add a file name");
        }
        OutputFile.requireWritable(NAME, file.toAbsolutePath().getParent());
    }

    /// @param command the command that found the result
    /// @return an object that says which program it is from; add the result
    static ObjectNode object(String command) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("command", command);
        json.put("larch", Provenance.version());
        json.put("git", Provenance.git());
        json.put("jvm", Provenance.jvm());
        return json;
    }

    /// Shows a result: text for people, and JSON where it was asked for.
    /// @param console where the text goes
    /// @param text    the result for people, lines with line breaks
    /// @param json    the same for programs
    void publish(Console console, String text, Object json) throws IOException {
        if (!STANDARD_OUTPUT.equals(target)) {
            console.out().print(text);
            console.out().flush();
        }
        if (target == null) {
            return;
        }
        String document = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json) + "\n";
        if (target.equals(STANDARD_OUTPUT)) {
            // JSON is UTF-8 whatever the terminal's encoding is.
            console.out().write(document.getBytes(StandardCharsets.UTF_8));
            console.out().flush();
        } else {
            OutputFile.write(Path.of(target), document);
        }
    }

    /// JSON has no NaN and no infinity: a value that does not exist is null.
    /// @param json  where to put it
    /// @param key   under which name
    /// @param value a number
    static void put(ObjectNode json, String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, value);
        } else {
            json.putNull(key);
        }
    }
}
