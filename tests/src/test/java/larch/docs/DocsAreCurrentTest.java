package larch.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Generated docs are committed and must be what the generator would write now; snippets must be what a test compiles.
class DocsAreCurrentTest {
    private static final String UPDATE = "mvn -pl tests -am test -Dtest=DocsAreCurrentTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false -Dlarch.updateDocs=true";
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("```.*?```|`[^`]*`", Pattern.DOTALL);

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    @Test
    void opsMd() throws IOException {
        Path file = root().resolve("docs/ops.md");
        String text = OpsDoc.text();
        if (Boolean.getBoolean("larch.updateDocs")) {
            Path fresh = Files.writeString(file.resolveSibling("ops.md.new"), text);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
        assertEquals(text, Files.exists(file) ? Files.readString(file) : "", () -> "docs/ops.md is stale; run\n  " + UPDATE);
    }

    @Test
    void snippetsOfAutodiffMdAreCompiledAndRun() throws IOException {
        assertCompiled("autodiff.md", "docs/AutodiffSnippetsTest.java");
    }

    @Test
    void snippetsOfBackendsMdAreCompiledAndRun() throws IOException {
        assertCompiled("backends.md", "backend/CountingBackend.java");
    }

    private static void assertCompiled(String page, String test) throws IOException {
        String source = withoutIndent(Files.readString(root().resolve("tests/src/test/java/larch").resolve(test)));
        Matcher blocks = JAVA_BLOCK.matcher(Files.readString(root().resolve("docs").resolve(page)));
        List<String> snippets = blocks.results().map(block -> withoutIndent(block.group(1))).toList();
        assertTrue(snippets.size() >= 2, snippets::toString);
        for (String snippet : snippets) {
            assertTrue(source.contains(snippet),
                    () -> "docs/" + page + " has Java that " + test + " does not: copy it there\n" + snippet);
        }
    }

    @Test
    void linksBetweenTheDocsLeadSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");
        for (Path file : pages()) {
            String text = CODE.matcher(Files.readString(file)).replaceAll("");
            link.matcher(text).results().map(match -> match.group(1)).forEach(target ->
                    assertTrue(Files.exists(file.resolveSibling(target)),
                            () -> file + " links to " + target + ", which is not there"));
        }
    }

    private static List<Path> pages() throws IOException {
        Stream<Path> others = Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md", "bench/gpu/README.md")
                .map(root()::resolve);
        try (Stream<Path> docs = Files.list(root().resolve("docs"))) {
            return Stream.concat(others, docs.filter(file -> file.toString().endsWith(".md"))).toList();
        }
    }

    private static String withoutIndent(String text) {
        try (Stream<String> lines = text.lines()) {
            return lines.map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
        }
    }
}
