package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the scripts share with the poms, and that every shell can read them.
@DisabledOnOs(OS.WINDOWS)
class ScriptTest {
    @TempDir Path folder;

    private static String read(String file) throws IOException {
        return Files.readString(Sandbox.REPOSITORY.resolve(file));
    }

    private static String first(String regex, String text) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        assertTrue(matcher.find(), regex);
        return matcher.group(1);
    }

    @Test
    void theJarIsNamedAfterTheVersionInThePom() throws IOException {
        assertEquals(first("<version>([^<]+)</version>", read("pom.xml")), first("\nversion=(.*)\n", read("larch")));
    }

    @Test
    void theFlagsOfTheJvmAreThoseOfThePom() throws IOException {
        String pom = read("pom.xml");
        String flags = first("<jvm.flags>([^<]+)</jvm.flags>", pom)
                .replace("${jvm.modules}", first("<jvm.modules>([^<]+)</jvm.modules>", pom));
        assertTrue(read("larch").contains("/bin/java\" " + flags + " \\\n"), flags);
    }

    /// Without unzip the wrapper takes another archive; without its sum that would be refused, or not be checked.
    @Test
    void theWrapperKnowsTheSumsOfBothArchives() throws IOException {
        String properties = read(".mvn/wrapper/maven-wrapper.properties");
        String zip = first("(?m)^distributionSha256Sum=([0-9a-f]{64})$", properties);
        String tar = first("(?m)^distributionTarSha256Sum=([0-9a-f]{64})$", properties);
        assertTrue(!zip.equals(tar));
        assertTrue(read("mvnw").contains("distributionSha256Sum=\"${distributionTarSha256Sum:?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh -n", "dash -n", "bash --posix -n", "busybox sh -n", "shellcheck -s sh"})
    void readsWell(String checker) throws Exception {
        String[] words = checker.split(" ");
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, words[0])));
        assumeTrue(there, words[0] + " is not on this machine");
        for (String script : List.of("larch", ".ci/run", "bench/gpu/pack", "opencl-kernels/tools/assemble")) {
            List<String> command = Stream.concat(Stream.of(words),
                    Stream.of(Sandbox.REPOSITORY.resolve(script).toString())).toList();
            Program.Result result = Program.start(folder, System.getenv(), command).finish();
            assertEquals(0, result.code(), () -> script + ": " + result.out() + result.err());
        }
    }
}
