package larch.tuning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A named group of values in a [TuningFile], in the order of the file. Values are texts; who asks for one says what it
/// must be, and the error names its line.
public final class Section {
    /// A value and where it stands; line 0 in a section that no file holds yet.
    private record Value(String text, int line) {
    }

    private final String source;
    private final String name;
    private final int line;
    private final Map<String, Value> values = new LinkedHashMap<>();

    /// @param name the section's name; values follow by [#with]
    public Section(String name) {
        this("", name, 0);
    }

    /// @param source the file's name, for errors
    /// @param name   the section's name
    /// @param line   the line of its heading
    Section(String source, String name, int line) {
        this.source = source;
        this.name = name;
        this.line = line;
    }

    /// @return its name
    public String name() {
        return name;
    }

    /// @return the keys, in order
    public Set<String> keys() {
        return values.keySet();
    }

    /// @param key   a new key
    /// @param value its value, one line
    /// @return this
    public Section with(String key, Object value) {
        values.put(key, new Value(String.valueOf(value), 0));
        return this;
    }

    void read(String key, String text, int at) {
        Value before = values.putIfAbsent(key, new Value(text, at));
        if (before != null) {
            throw TuningFile.damage(source, at, "'" + key + "' is given twice, first in line " + before.line);
        }
    }

    /// @param key a key that must be there
    /// @return its value
    public String text(String key) {
        Value value = values.get(key);
        if (value == null) {
            throw TuningFile.damage(source, line, "expected '" + key + " = ...' in [" + name + "], got none");
        }
        return value.text;
    }

    /// @param key a key that must be there
    /// @return its value, a whole number
    public long integer(String key) {
        String text = text(key);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw wrong(key, "expected a whole number, got '" + text + "'");
        }
    }

    /// Finds keys that nobody reads: a misspelt one would be a setting without effect.
    /// @param known all keys that have a meaning here
    public void requireOnly(List<String> known) {
        List<String> unknown = new ArrayList<>(keys());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw wrong(unknown.getFirst(), "[" + name + "] knows only " + String.join(", ", known));
        }
    }

    /// @param key the key whose value is at fault
    /// @param why what was expected, and what it is
    /// @return the error, which names file and line
    public TuningException wrong(String key, String why) {
        return TuningFile.damage(source, values.get(key).line, key + ": " + why);
    }

    /// @param why what is wrong with the section as a whole
    /// @return the error, which names file and line
    public TuningException wrong(String why) {
        return TuningFile.damage(source, line, "[" + name + "]: " + why);
    }

    /// Refuses numbers of another machine.
    /// @param key  a key that must be there
    /// @param here what it must say, as it is true here
    /// @param what what it is, in words
    public void requireFoundWith(String key, String here, String what) {
        String found = text(key);
        if (!found.equals(here)) {
            throw TuningFile.error(source, values.get(key).line, key + ": these numbers were found with another " + what
                    + ": expected '" + here + "', got '" + found + "'", "run ./larch tune on this machine");
        }
    }

    void format(StringBuilder text) {
        text.append("\n[").append(name).append("]\n");
        values.forEach((key, value) -> text.append(key).append(" = ").append(value.text).append('\n'));
    }
}
