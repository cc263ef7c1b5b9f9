package larch.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One source file, taken apart just far enough for the architecture's rules.
/// @param path how the file is named in a violation, as in `engine/src/main/java/larch/tensor/Shape.java`
/// @param code the text with comments removed and literals emptied; line breaks stay where they were
/// @param literals the contents of the string literals and text blocks
/// @param lines the number of lines of the file
record JavaSource(String path, String code, List<Literal> literals, int lines) {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");
    /// In this order: a comment may contain quotes and a literal may contain comment signs.
    private static final Pattern TOKEN = Pattern.compile("""
            (?<comment>//[^\\n]*|/\\*.*?\\*/)\
            |\"""(?<block>(?:\\\\.|.)*?)\"""\
            |"(?<string>(?:\\\\.|[^"\\\\\\n])*)"\
            |'(?:\\\\.|[^'\\\\\\n])*'""", Pattern.DOTALL);

    /// @param text the content
    /// @param line the line on which the literal begins, from 1
    record Literal(String text, int line) {}

    static JavaSource of(String path, String text) {
        var code = new StringBuilder();
        List<Literal> literals = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (token.find()) {
            code.append(text, end, token.start());
            String literal = token.group("block") != null ? token.group("block") : token.group("string");
            if (literal != null) {
                literals.add(new Literal(literal, lineAt(text, token.start())));
            }
            code.append(token.group("comment") != null ? " " : "\"\"").append("\n".repeat(newlines(token.group())));
            end = token.end();
        }
        code.append(text, end, text.length());
        return new JavaSource(path, code.toString(), literals, (int) text.lines().count());
    }

    /// @return the declared package; empty if there is none
    String packageName() {
        Matcher declaration = PACKAGE.matcher(code);
        return declaration.find() ? declaration.group(1) : "";
    }

    /// @return whether the file lies in a package or below it
    boolean isIn(String aPackage) {
        return (packageName() + ".").startsWith(aPackage + ".");
    }

    /// @param pattern what to look for in the code, the package declaration left out
    /// @return a message for each place, `path:line: ` and the text of group 1
    List<Finding> find(Pattern pattern) {
        String searched = PACKAGE.matcher(code).replaceFirst(match -> "\n".repeat(newlines(match.group())));
        return pattern.matcher(searched).results()
                .map(match -> new Finding(match.group(1), lineAt(searched, match.start(1)))).toList();
    }

    /// @param text what was found
    /// @param line where, from 1
    record Finding(String text, int line) {}

    private static int lineAt(String text, int index) {
        return 1 + newlines(text.substring(0, index));
    }

    private static int newlines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }
}
