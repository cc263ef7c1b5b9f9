package larch.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The architecture, as rules about the main sources of every module. The tables are the specification: change
/// one on purpose and say why in the review. [SourceRulesTest] shows that every rule can fail.
class LayeringTest {
    /// Which packages of the engine may use which: imports only point up this table. Sub-packages share the row of
    /// their parent. The first rows are leaves, which any later row may be given.
    static final Map<String, List<String>> LAYERS = table("""
            tensor     |
            parallel   |
            device     |
            machine    |
            random     | tensor
            checkpoint | tensor
            expr       | tensor
            tuning     | checkpoint
            gemm       | tensor parallel expr tuning
            backend    | tensor parallel device machine random expr tuning gemm
            tuner      | parallel machine tuning gemm
            plan       | tensor random expr gemm parallel backend
            op         | tensor parallel random expr gemm backend
            autodiff   | tensor parallel random expr gemm backend op
            nn         | tensor parallel random checkpoint expr gemm backend op autodiff
            optim      | tensor parallel random checkpoint expr gemm backend op autodiff nn
            """);

    /// Which packages of the OpenCL module may use which, JOCL included; the order is that in which to read them, but for
    /// `source`, which is a leaf.
    static final Map<String, List<String>> OPENCL_LAYERS = table("""
            larch.opencl.source  |
            larch.opencl         | org.jocl larch.opencl.source
            larch.opencl.runtime | org.jocl larch.opencl.source larch.opencl
            larch.opencl.gemm    | larch.opencl.source larch.opencl.runtime
            larch.opencl.tuning  | larch.opencl.source larch.opencl.gemm
            larch.opencl.fused   | larch.opencl.source
            larch.opencl.backend | larch.opencl.source larch.opencl larch.opencl.runtime larch.opencl.gemm larch.opencl.tuning larch.opencl.fused
            larch.opencl.probe   | org.jocl larch.opencl.source larch.opencl larch.opencl.runtime larch.opencl.gemm
            larch.opencl.tuner   | larch.opencl larch.opencl.runtime larch.opencl.gemm larch.opencl.tuning larch.opencl.probe
            """);

    /// What only some packages may use, imported or fully qualified. `machine` measures what vectors can do at most,
    /// hence its right to them.
    static final Map<String, List<String>> RESERVED = table("""
            jdk.incubator.vector | larch.backend.simd larch.machine
            java.lang.classfile  | larch.backend.simd larch.fncf.experiment
            org.jocl             | larch.opencl
            larch.opencl         | larch.opencl larch.bench
            larch.fncf           | larch.fncf larch.bench
            larch.fncf.cli       | larch.fncf.cli
            larch.fncf.boot      | larch.fncf.boot
            larch.bench          | larch.bench
            sun.misc             |
            jdk.internal         |
            System.exit          | larch.fncf.cli larch.fncf.boot
            Runtime.getRuntime().exit | larch.fncf.cli larch.fncf.boot
            Runtime.getRuntime().halt | larch.fncf.cli larch.fncf.boot
            """);

    /// What only some packages may even name in a string: the way around an import.
    static final Map<String, List<String>> NAMED = table("""
            larch.fncf.cli | larch.fncf.cli larch.fncf.boot
            larch.opencl   | larch.opencl larch.bench
            sun.misc       |
            """);

    /// The only roots of imports in the engine, which has no dependency.
    static final List<String> ENGINE_IMPORTS = List.of("java", "jdk.incubator.vector", "larch");

    /// The packages in which `static` fields need not be final: JMH asks for odd things.
    static final List<String> STATICS_EXEMPT = List.of("larch.bench");

    /// The most lines of a file; a larger one does more than one thing.
    static final int MAX_LINES = 450;

    /// The most classes of a package that can do without `package-info.java`.
    static final int MAX_CLASSES_WITHOUT_DOC = 3;

    private static final List<String> MODULES = List.of("engine", "opencl-kernels", "fncf", "bench");

    private static Map<String, List<String>> table(String rows) {
        Map<String, List<String>> table = new TreeMap<>();
        rows.lines().forEach(row -> {
            String[] cells = row.split("\\|", 2);
            table.put(cells[0].strip(), Stream.of(cells[1].strip().split("\\s+")).filter(c -> !c.isEmpty()).toList());
        });
        return table;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everySourceKeeps(SourceRules.Rule rule) {
        List<String> violations = sources().stream().flatMap(source -> rule.violations(source).stream()).toList();
        assertTrue(violations.isEmpty(), () -> rule + ":\n" + String.join("\n", violations));
    }

    static List<SourceRules.Rule> rules() {
        return SourceRules.ALL;
    }

    @Test
    void everyLargerPackageSaysWhatItIsFor() {
        assertEquals(List.of(), SourceRules.packagesWithoutDoc(sources()));
    }

    /// The rules would keep on holding if nothing were read.
    @Test
    void theSourcesAreRead() {
        Map<String, Long> files = sources().stream()
                .collect(Collectors.groupingBy(source -> source.path().split("/")[0], Collectors.counting()));
        for (String module : List.of("engine", "opencl-kernels", "bench")) {
            assertTrue(files.getOrDefault(module, 0L) >= 5, () -> "sources read: " + files);
        }
        assertTrue(sources().stream().anyMatch(source -> source.packageName().equals("larch.tensor")));
    }

    private static List<JavaSource> sources() {
        List<JavaSource> sources = new ArrayList<>();
        Path root = root();
        for (String module : MODULES) {
            Path main = root.resolve(module).resolve("src/main");
            if (!Files.isDirectory(main)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(main)) {
                for (Path file : files.filter(LayeringTest::isSource).sorted().toList()) {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    sources.add(JavaSource.of(path, Files.readString(file)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("reading the sources of " + module, e);
            }
        }
        return sources;
    }

    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java") || file.toString().endsWith(".cl");
    }

    /// Tests are started in the module's folder by Maven and often in the repository's by an editor.
    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("engine/src/main/java/larch"))) {
                return folder;
            }
        }
        throw new IllegalStateException("layering test: no folder above " + Path.of("").toAbsolutePath()
                + " has engine/src/main/java/larch; start the test inside the repository");
    }
}
