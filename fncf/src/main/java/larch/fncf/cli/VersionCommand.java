package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import larch.fncf.experiment.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `larch version`.
@Command(name = "version", description = "Show the versions of Larch and of what it runs on.", sortOptions = false,
        usageHelpWidth = 100, footerHeading = "%nExample:%n", footer = "  ./larch version --json -")
final class VersionCommand extends LarchCommand {
    @Mixin
    private JsonOption json;

    VersionCommand(Console console) {
        super(console);
    }

    /// @return version and revision in one line
    static String line() {
        return "larch " + Provenance.version() + " (git " + Provenance.git() + ")";
    }

    @Override
    void run() throws IOException {
        json.requireWritable();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("vendor", System.getProperty("java.vendor"));
        facts.put("flags", Machine.jvmFlags());
        facts.put("os", Machine.os());
        facts.put("cpu", Machine.cpu());
        facts.put("memory", Machine.maxMemoryMiB() + " MiB at most");
        ObjectNode object = JsonOption.object("version");
        StringBuilder text = new StringBuilder(line()).append('\n');
        row(text, "jvm", Provenance.jvm());
        facts.forEach((key, value) -> {
            row(text, key, value);
            object.put(key, value);
        });
        json.publish(console(), text.toString(), object);
    }

    private static void row(StringBuilder text, String key, String value) {
        text.append(String.format("  %-7s %s%n", key, value));
    }
}
