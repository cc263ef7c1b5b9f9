package larch.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The checks behind the tables of [LayeringTest]. They read text, not byte code, because the compiler drops what
/// a rule is about: an unused import, a constant that was folded.
final class SourceRules {
    private static final Pattern LARCH = Pattern.compile("(?<![\\w.])(larch\\.[a-z]\\w*)");
    private static final Pattern OPENCL = Pattern.compile("(?<![\\w.])(org\\.jocl|larch\\.opencl(?:\\.[a-z]\\w*)?)\\b");
    private static final Pattern IMPORT = Pattern.compile("\\bimport\\s+(?:static\\s+|module\\s+)?([\\w.]+)");
    /// Not a field access: the roots of published packages, a lower-case part and, in the end, a class.
    private static final Pattern QUALIFIED = Pattern.compile(
            "(?<![\\w.])((?:java|javax|jdk|sun|com|org|net|io|me|de|info)(?:\\.[a-z]\\w*)+\\.[A-Z]\\w*)");
    /// Modifiers with `static` and without `final`, then a type and a name that no parenthesis follows.
    private static final Pattern MUTABLE_STATIC = Pattern.compile("""
            (?<![\\w.])(?<!\\b(?:public|protected|private|static|final|volatile|transient)\\s{1,9})\
            (?=(?:[a-z]+\\s+)*static\\s)(?!(?:[a-z]+\\s+)*final\\s)\
            (?:(?:public|protected|private|static|volatile|transient)\\s+)+\
            (?!class\\b|interface\\b|enum\\b|record\\b|abstract\\b|sealed\\b|synchronized\\b|native\\b)\
            (?:[\\w.]+(?:\\s*<[^;(){}=]*>)?(?:\\s*\\[\\s*])*\\s+)(\\w+)\\s*(?:\\[\\s*]\\s*)*[=;,]""");

    static final List<Rule> ALL = List.of(
            new Rule("imports between the layers of the engine only point up the table", SourceRules::layers),
            new Rule("imports between the packages of OpenCL only point up their table", SourceRules::openclLayers),
            new Rule("the engine imports nothing but the JDK and itself", SourceRules::engineImports),
            new Rule("what is reserved is used where it belongs", SourceRules::reserved),
            new Rule("what is reserved is not reached by name either", SourceRules::named),
            new Rule("no static field can be changed", SourceRules::mutableStatics),
            new Rule("no file is too long", SourceRules::length));

    private SourceRules() {}

    /// @param name what the sources must keep
    /// @param check one sentence per place where a source does not
    record Rule(String name, Function<JavaSource, List<String>> check) {
        List<String> violations(JavaSource source) {
            return check.apply(source);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<String> layers(JavaSource source) {
        if (!source.path().startsWith("engine/") || !source.path().endsWith(".java")) {
            return List.of();
        }
        String layer = layerOf(source.packageName());
        List<String> allowed = LayeringTest.LAYERS.get(layer);
        if (allowed == null) {
            return List.of(source.path() + ": package '" + source.packageName()
                    + "' has no row in LayeringTest.LAYERS; give it the packages that it may import");
        }
        List<String> violations = new ArrayList<>();
        for (JavaSource.Finding found : source.find(LARCH)) {
            String used = layerOf(found.text());
            if (!used.equals(layer) && !allowed.contains(used)) {
                violations.add(at(source, found.line()) + "larch." + layer + " must not use larch." + used
                        + "; it may use " + allowed);
            }
        }
        return violations;
    }

    static List<String> openclLayers(JavaSource source) {
        String layer = source.packageName();
        if (!source.isIn("larch.opencl")) {
            return List.of();
        }
        List<String> allowed = LayeringTest.OPENCL_LAYERS.get(layer);
        if (allowed == null) {
            return List.of(source.path() + ": package '" + layer
                    + "' has no row in LayeringTest.OPENCL_LAYERS; give it the packages that it may import");
        }
        return source.find(OPENCL).stream().filter(found -> !found.text().equals(layer) && !allowed.contains(found.text()))
                .map(found -> at(source, found.line()) + layer + " must not use " + found.text() + "; it may use " + allowed)
                .toList();
    }

    /// `larch.backend.simd` → `backend`.
    private static String layerOf(String packageName) {
        String[] parts = packageName.split("\\.");
        return parts.length < 2 ? "" : parts[1];
    }

    static List<String> engineImports(JavaSource source) {
        if (!source.path().startsWith("engine/")) {
            return List.of();
        }
        // By line, because an import matches both patterns.
        Map<Integer, String> violations = new TreeMap<>();
        for (Pattern pattern : List.of(IMPORT, QUALIFIED)) {
            for (JavaSource.Finding found : source.find(pattern)) {
                String name = found.text() + ".";
                if (LayeringTest.ENGINE_IMPORTS.stream().noneMatch(root -> name.startsWith(root + "."))) {
                    violations.putIfAbsent(found.line(), at(source, found.line()) + "the engine must not use "
                            + found.text() + "; it may use " + LayeringTest.ENGINE_IMPORTS);
                }
            }
        }
        return List.copyOf(violations.values());
    }

    static List<String> reserved(JavaSource source) {
        List<String> violations = new ArrayList<>();
        LayeringTest.RESERVED.forEach((name, users) -> {
            if (users.stream().noneMatch(source::isIn)) {
                for (JavaSource.Finding found : source.find(word(name))) {
                    violations.add(at(source, found.line()) + "only " + users + " may use " + name);
                }
            }
        });
        return violations;
    }

    static List<String> named(JavaSource source) {
        List<String> violations = new ArrayList<>();
        LayeringTest.NAMED.forEach((name, users) -> {
            if (users.stream().noneMatch(source::isIn)) {
                for (JavaSource.Literal literal : source.literals()) {
                    if (word(name).matcher(literal.text()).find()) {
                        violations.add(at(source, literal.line()) + "only " + users + " may name " + name
                                + " in a string");
                    }
                }
            }
        });
        return violations;
    }

    /// The name with any space around its dots, not inside a longer name; `java.lang` may stand before it.
    private static Pattern word(String name) {
        String text = String.join("\\s*\\.\\s*", List.of(name.split("\\.")).stream().map(Pattern::quote).toList());
        return Pattern.compile("(?<![\\w.])(?:java\\s*\\.\\s*lang\\s*\\.\\s*)?(" + text + ")(?!\\w)");
    }

    static List<String> mutableStatics(JavaSource source) {
        if (LayeringTest.STATICS_EXEMPT.stream().anyMatch(source::isIn)) {
            return List.of();
        }
        return source.find(MUTABLE_STATIC).stream()
                .map(found -> at(source, found.line()) + "static field '" + found.text()
                        + "' can be changed; make it final or a field of an object")
                .toList();
    }

    static List<String> length(JavaSource source) {
        return source.lines() <= LayeringTest.MAX_LINES ? List.of()
                : List.of(source.path() + ": " + source.lines() + " lines; split it, the most is "
                        + LayeringTest.MAX_LINES);
    }

    /// @return a sentence for each package that has too many classes to go without `package-info.java`
    static List<String> packagesWithoutDoc(List<JavaSource> sources) {
        Map<String, Integer> classes = new TreeMap<>();
        var documented = new TreeSet<String>();
        for (JavaSource source : sources) {
            String folder = source.path().substring(0, source.path().lastIndexOf('/'));
            if (source.path().endsWith("/package-info.java")) {
                documented.add(folder);
            } else if (source.path().endsWith(".java")) {
                classes.merge(folder, 1, Integer::sum);
            }
        }
        return classes.entrySet().stream()
                .filter(entry -> entry.getValue() > LayeringTest.MAX_CLASSES_WITHOUT_DOC)
                .filter(entry -> !documented.contains(entry.getKey()))
                .map(entry -> entry.getKey() + ": " + entry.getValue()
                        + " classes and no package-info.java; say what the package is for and what to read first")
                .toList();
    }

    private static String at(JavaSource source, int line) {
        return source.path() + ":" + line + ": ";
    }
}
