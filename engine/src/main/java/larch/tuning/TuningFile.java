package larch.tuning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.checkpoint.AtomicFile;

/// Tuned numbers as text: those that ship with Larch and those found on one machine have the same format.
///
/// ```text
/// # a comment
/// larch tuning = 1
///
/// [gemm 512]
/// mr = 5
/// ```
///
/// The first line that is neither empty nor a comment names the version of the format. Each line after it begins a
/// section or gives one value, once. Anything else is an error that names file and line: a file that is only half
/// understood would tune something else.
public final class TuningFile {
    /// The version of the format.
    private static final long FORMAT = 1;
    private static final String FORMAT_KEY = "larch tuning";

    private final String source;
    private final Map<String, Section> sections = new LinkedHashMap<>();

    private TuningFile(String source) {
        this.source = source;
    }

    /// @param file a file that exists
    /// @return its content
    /// @throws TuningException if it cannot be read or is damaged
    public static TuningFile read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (CharacterCodingException _) {
            throw damage(file.toString(), 1, "expected UTF-8 text, got other bytes");
        } catch (IOException e) {
            throw new TuningException("tuning " + file + ": cannot be read (" + e + "); check its permissions, or name another"
                    + " file", e);
        }
    }

    /// @param owner    a class beside which the resource lies
    /// @param resource its name
    /// @return its content
    public static TuningFile ofResource(Class<?> owner, String resource) {
        try (var in = owner.getResourceAsStream(resource)) {
            return parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + resource + " from the class path", e);
        }
    }

    /// @param source where the text is from, for errors
    /// @param text   lines
    /// @return what they say
    /// @throws TuningException naming the first line that is wrong
    public static TuningFile parse(String source, String text) {
        TuningFile file = new TuningFile(source);
        Section section = null;
        boolean versionSeen = false;
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (!versionSeen) {
                checkVersion(source, number, line);
                versionSeen = true;
            } else if (line.startsWith("[") && line.endsWith("]")) {
                section = new Section(source, line.substring(1, line.length() - 1).strip(), number);
                if (file.sections.putIfAbsent(section.name(), section) != null) {
                    throw damage(source, number, "the section " + line + " is there twice");
                }
            } else if (section == null || equals < 1) {
                throw damage(source, number, "expected " + (section == null ? "" : "'key = value' or ") + "'[section]', got '"
                        + line + "'");
            } else {
                section.read(line.substring(0, equals).strip(), line.substring(equals + 1).strip(), number);
            }
        }
        if (!versionSeen) {
            throw damage(source, number, "expected '" + FORMAT_KEY + " = " + FORMAT + "', got the end of the file");
        }
        return file;
    }

    private static void checkVersion(String source, int number, String line) {
        String expected = FORMAT_KEY + " = " + FORMAT;
        if (!line.matches(FORMAT_KEY + " = \\d{1,9}")) {
            throw damage(source, number, "expected '" + expected + "', got '" + line + "'");
        }
        long version = Long.parseLong(line.substring(FORMAT_KEY.length() + 3));
        if (version > FORMAT) {
            throw error(source, number, "format " + version + " is newer than this program, which reads format " + FORMAT,
                    "use the Larch that wrote it, or delete the file");
        }
        if (version < FORMAT) {
            throw damage(source, number, "expected '" + expected + "', got '" + line + "'");
        }
    }

    static TuningException damage(String source, int line, String what) {
        return error(source, line, what, "correct it, or delete the file and run ./larch tune again");
    }

    static TuningException error(String source, int line, String what, String fix) {
        return new TuningException("tuning " + source + ", line " + line + ": " + what + "; " + fix);
    }

    /// @param name a section's name
    /// @return whether it is there
    public boolean has(String name) {
        return sections.containsKey(name);
    }

    /// @return the names of the sections, in order
    public List<String> names() {
        return List.copyOf(sections.keySet());
    }

    /// @param name a section that must be there
    /// @return the section
    public Section section(String name) {
        Section section = sections.get(name);
        if (section == null) {
            throw damage(source, 1, "expected a section [" + name + "], got " + sections.keySet());
        }
        return section;
    }

    /// Writes a file so that it is there whole or not at all.
    /// @param file     where; its folder is made if it is missing
    /// @param head     a comment, one line
    /// @param sections the content
    /// @throws TuningException if it cannot be written
    public static void write(Path file, String head, List<Section> sections) {
        StringBuilder text = new StringBuilder("# ").append(head).append('\n').append(FORMAT_KEY).append(" = ").append(FORMAT)
                .append('\n');
        sections.forEach(section -> section.format(text));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFile.replace(file, channel -> channel.write(StandardCharsets.UTF_8.encode(text.toString())));
        } catch (IOException e) {
            throw new TuningException("tuning " + file + ": cannot be written (" + e + "); make room, check its permissions, or"
                    + " name another file", e);
        }
    }
}
