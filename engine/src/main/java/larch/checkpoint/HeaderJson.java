package larch.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// A strict reader of the JSON subset that a safetensors header consists of: objects, arrays, strings and
/// non-negative integers (RFC 8259).
///
/// It builds no tree: the caller says what must come next, and anything else is an error at its position. So
/// nesting can be no deeper than the header's own three levels, and memory is bounded by the length of the
/// text.
final class HeaderJson {
    private final Path file;
    private final String text;
    private int at;

    /// Reads the value of one key of an object.
    interface Member {
        void read(String key) throws SafeTensorsException;
    }

    /// @param file for messages
    HeaderJson(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /// An object; `member` reads each value. A key that occurs twice is an error.
    void object(String what, Member member) throws SafeTensorsException {
        expect('{', what + " as an object, {…}");
        Set<String> keys = new HashSet<>();
        if (skip('}')) {
            return;
        }
        do {
            String key = string("a key in quotes");
            if (!keys.add(key)) {
                throw error("the key " + shown(key) + " occurs twice in one object");
            }
            expect(':', "':' after the key " + shown(key));
            member.read(key);
        } while (skip(','));
        expect('}', "',' or '}' in " + what);
    }

    /// An array of integers as in [#integer], at most `max` of them.
    long[] integers(String what, int max) throws SafeTensorsException {
        expect('[', what + " as an array, […]");
        if (skip(']')) {
            return new long[0];
        }
        long[] values = new long[max];
        int n = 0;
        do {
            if (n == max) {
                throw error(what + " must have at most " + max + " numbers; got more");
            }
            values[n++] = integer("each number of " + what);
        } while (skip(','));
        expect(']', "',' or ']' in " + what);
        return Arrays.copyOf(values, n);
    }

    String string(String what) throws SafeTensorsException {
        expect('"', what);
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                break;
            }
            if (c < ' ') {
                throw error("a control character inside a string must be written \\u" + hex(c));
            }
            value.append(c == '\\' ? escape() : c);
        }
        for (int i = 0; i < value.length(); i++) {          // only escapes can break a pair: the text itself was UTF-8
            if (Character.isSurrogate(value.charAt(i))) {
                if (!Character.isSurrogatePair(value.charAt(i), i + 1 < value.length() ? value.charAt(i + 1) : 0)) {
                    throw error("a string holds half of a surrogate pair, \\u" + hex(value.charAt(i)));
                }
                i++;
            }
        }
        return value.toString();
    }

    private char escape() throws SafeTensorsException {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    char h = next();
                    int digit = h < 128 ? Character.digit(h, 16) : -1;
                    if (digit < 0) {
                        throw error("\\u needs four hexadecimal digits; got " + shown(h));
                    }
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw error("\\ must be followed by one of \" \\ / b f n r t u; got " + shown(c));
        };
    }

    /// An integer of at most 18 digits, which is more than any file has bytes.
    long integer(String what) throws SafeTensorsException {
        space();
        int start = at;
        long value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            if (at - start == 18) {
                throw error("expected " + what + ", at most 18 digits; the number is longer");
            }
            value = value * 10 + text.charAt(at++) - '0';
        }
        if (at == start) {
            throw error("expected " + what + " as an integer >= 0; got " + here());
        }
        if (text.charAt(start) == '0' && at > start + 1) {
            throw error("expected " + what + " without leading zeros");
        }
        if (at < text.length() && ".eE".indexOf(text.charAt(at)) >= 0) {
            throw error("expected " + what + " as plain digits, without point or exponent");
        }
        return value;
    }

    /// Nothing but white space may follow.
    void end() throws SafeTensorsException {
        space();
        if (at < text.length()) {
            throw error("expected nothing after the header's closing }; got " + here());
        }
    }

    SafeTensorsException error(String problem) {
        return new SafeTensorsException(file, "header, character " + at + ": " + problem);
    }

    private void expect(char c, String what) throws SafeTensorsException {
        if (!skip(c)) {
            throw error("expected " + what + "; got " + here());
        }
    }

    private boolean skip(char c) {
        space();
        boolean found = at < text.length() && text.charAt(at) == c;
        if (found) {
            at++;
        }
        return found;
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char next() throws SafeTensorsException {
        if (at == text.length()) {
            throw error("the header ends inside a string");
        }
        return text.charAt(at++);
    }

    private String here() {
        return at == text.length() ? "the end of the header" : shown(text.charAt(at));
    }

    private static String shown(char c) {
        return shown(String.valueOf(c));
    }

    /// A text from a file for a message: quoted, on one line, cut if it is long.
    static String shown(String text) {
        String cut = text.length() <= 60 ? text : text.substring(0, 60) + "…";
        StringBuilder shown = new StringBuilder("\"");
        for (char c : cut.toCharArray()) {
            boolean plain = c != '"' && c != '\\' && !Character.isISOControl(c) && !Character.isSurrogate(c)
                    && c != '\u2028' && c != '\u2029';
            shown.append(plain ? String.valueOf(c) : "\\u" + hex(c));
        }
        return shown.append('"').toString();
    }

    /// A JSON string of that text.
    static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u").append(hex(c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static String hex(char c) {
        return String.format(Locale.ROOT, "%04x", (int) c);
    }
}
