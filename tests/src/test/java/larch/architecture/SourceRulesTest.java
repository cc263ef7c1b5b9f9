package larch.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every rule of [LayeringTest] on made-up sources: what must be refused is, and what looks alike is not.
class SourceRulesTest {
    private static JavaSource source(String packageName, String body) {
        String module = packageName.startsWith("larch.fncf") ? "fncf" : packageName.startsWith("larch.bench") ? "bench"
                : packageName.startsWith("larch.opencl") ? "opencl-kernels" : "engine";
        String path = module + "/src/main/java/" + packageName.replace('.', '/') + "/A.java";
        return JavaSource.of(path, "package " + packageName + ";\n\n" + body + "\n");
    }

    private static List<String> check(Function<JavaSource, List<String>> rule, String packageName, String body) {
        return rule.apply(source(packageName, body));
    }

    @ParameterizedTest
    @CsvSource({
        "larch.expr, backend", "larch.expr, gemm", "larch.tensor, random", "larch.parallel, tensor",
        "larch.random, parallel", "larch.checkpoint, nn", "larch.device, backend", "larch.gemm, backend",
        "larch.backend, op", "larch.backend.simd, op", "larch.op, autodiff", "larch.autodiff, nn",
        "larch.autodiff, optim", "larch.nn, optim", "larch.optim, opencl", "larch.tensor, fncf"})
    void aLayerMustNotUseWhatStandsBelowIt(String packageName, String used) {
        String layer = packageName.split("\\.")[1];
        List<String> imported = check(SourceRules::layers, packageName, "import larch." + used + ".Thing;");
        assertEquals(1, imported.size(), imported::toString);
        assertTrue(imported.getFirst().startsWith("engine/src/main/java/" + packageName.replace('.', '/')
                + "/A.java:3: larch." + layer + " must not use larch." + used + "; it may use "), imported::toString);
        for (String body : List.of("import static larch." + used + ".Thing.of;", "import larch." + used + ".sub.*;",
                "class A { larch." + used + ".Thing t; }")) {
            assertEquals(1, check(SourceRules::layers, packageName, body).size(), body);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "larch.expr, tensor", "larch.backend, backend.simd", "larch.backend.simd, gemm", "larch.op, backend",
        "larch.nn, autodiff", "larch.optim, nn", "larch.random, tensor"})
    void aLayerMayUseWhatStandsAboveIt(String packageName, String used) {
        assertEquals(List.of(), check(SourceRules::layers, packageName, "import larch." + used + ".Thing;"));
    }

    @ParameterizedTest
    @CsvSource({
        "larch.opencl.source, import org.jocl.cl_mem;", "larch.opencl.source, import static org.jocl.CL.*;",
        "larch.opencl.source, import larch.opencl.OpenClDevice;", "larch.opencl.gemm, class A { org.jocl.cl_mem m; }",
        "larch.opencl.gemm, import larch.opencl.OpenClContext;", "larch.opencl.backend, import org.jocl.CL;",
        "larch.opencl.runtime, import larch.opencl.gemm.OpenClGemm;", "larch.opencl, import larch.opencl.runtime.Launch;",
        "larch.opencl.probe, import larch.opencl.backend.OpenClBackend;"})
    void aPackageOfOpenClMustNotUseWhatStandsBelowIt(String packageName, String body) {
        List<String> violations = check(SourceRules::openclLayers, packageName, body);
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.getFirst().startsWith("opencl-kernels/src/main/java/" + packageName.replace('.', '/')
                + "/A.java:3: " + packageName + " must not use "), violations::toString);
    }

    @Test
    void anOpenClPackageWithoutARowIsRefused() {
        assertEquals(1, check(SourceRules::openclLayers, "larch.opencl.more", "").size());
    }

    @ParameterizedTest
    @CsvSource({
        "larch.opencl.source, import larch.expr.Expr;", "larch.opencl, import larch.opencl.source.ProgramSource;",
        "larch.opencl.runtime, import org.jocl.CL;", "larch.opencl.runtime, import larch.opencl.OpenClContext;",
        "larch.opencl.gemm, import larch.opencl.runtime.DeviceMemory;", "larch.opencl.gemm, import larch.opencl.gemm.GemmPath;",
        "larch.opencl.probe, import org.jocl.CL;", "larch.bench.gpu, import larch.opencl.OpenClDevices;"})
    void aPackageOfOpenClMayUseWhatStandsAboveIt(String packageName, String body) {
        assertEquals(List.of(), check(SourceRules::openclLayers, packageName, body));
    }

    @Test
    void commentsAndStringsAreNotImports() {
        String body = """
                /// See [larch.nn.Linear].
                /* larch.nn.Linear "quoted */
                class A { String s = "larch.nn.Linear // \\" larch.nn"; char c = '"'; // larch.nn
                  String t = \"""
                     larch.nn "x"
                     \"""; }
                """;
        assertEquals(List.of(), check(SourceRules::layers, "larch.expr", body));
        assertEquals(1, check(SourceRules::layers, "larch.expr", body + "larch.nn.Linear l;").size());
    }

    @Test
    void aPackageOfTheEngineNeedsARow() {
        assertEquals(List.of("engine/src/main/java/larch/util/A.java: package 'larch.util' has no row in "
                + "LayeringTest.LAYERS; give it the packages that it may import"),
                check(SourceRules::layers, "larch.util", "class A {}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "import org.slf4j.Logger;", "import javax.swing.JFrame;", "import module jdk.unsupported;",
        "import jdk.incubator.other.Thing;", "class A { com.acme.Tool t; }", "import static sun.security.x.Y.z;"})
    void theEngineHasNoDependency(String body) {
        List<String> violations = check(SourceRules::engineImports, "larch.nn", body);
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.getFirst().contains("A.java:3: the engine must not use "), violations::toString);
        assertEquals(List.of(), check(SourceRules::engineImports, "larch.fncf.data", body));
    }

    @Test
    void theEngineMayUseTheJdkAndItself() {
        assertEquals(List.of(), check(SourceRules::engineImports, "larch.backend.simd", """
                import java.util.List;
                import jdk.incubator.vector.FloatVector;
                import module java.base;
                import static larch.tensor.Shape.of;
                class A { java.util.Map<?, ?> m; int x = info.name().length(); }
                """));
    }

    @ParameterizedTest
    @CsvSource({
        "larch.gemm, import jdk.incubator.vector.FloatVector;",
        "larch.gemm, import module jdk.incubator.vector;",
        "larch.backend, class A { jdk.incubator.vector.FloatVector v; }",
        "larch.backend.simdish, import jdk.incubator.vector.*;",
        "larch.expr, import java.lang.classfile.ClassFile;",
        "larch.bench.gemm, import java.lang.classfile.ClassFile;",
        "larch.fncf.eval, import static org.jocl.CL.*;",
        "larch.bench.opencl, import org.jocl.CL;",
        "larch.fncf.cli, import larch.opencl.OpenClDevices;",
        "larch.backend, import larch.opencl.OpenClDevices;",
        "larch.fncf.data, import larch.fncf.cli.Main;",
        "larch.fncf.boot, import larch.fncf.cli.Main;",
        "larch.bench.fncf, import larch.fncf.cli.Main;",
        "larch.fncf.cli, import larch.fncf.boot.Boot;",
        "larch.nn, import larch.fncf.model.Fncf;",
        "larch.fncf.eval, import larch.bench.machine.Stream;",
        "larch.bench.gemm, import sun.misc.Unsafe;",
        "larch.tensor, class A { sun . misc . Unsafe u; }",
        "larch.backend.simd, import jdk.internal.misc.Unsafe;",
        "larch.nn, class A { void f() { System.exit(1); } }",
        "larch.fncf.train, class A { void f() { System . exit(1); } }",
        "larch.fncf.train, class A { void f() { java.lang.System.exit(1); } }",
        "larch.fncf.train, import static java.lang.System.exit;",
        "larch.fncf.train, class A { void f() { Runtime.getRuntime().halt(1); } }"})
    void whatIsReservedIsRefusedElsewhere(String packageName, String body) {
        List<String> violations = check(SourceRules::reserved, packageName, body);
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.getFirst().contains("A.java:3: only ["), violations::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "larch.backend.simd, import jdk.incubator.vector.FloatVector;",
        "larch.backend.simd, import java.lang.classfile.ClassFile;",
        "larch.machine, import jdk.incubator.vector.FloatVector;",
        "larch.opencl, import org.jocl.CL;",
        "larch.fncf.cli, class A { void f() { System.exit(1); } }",
        "larch.fncf.boot, class A { void f() { System.exit(1); } }",
        "larch.fncf.train, import larch.fncf.client.Thing;",
        "larch.fncf.train, class A { MySystem.exit e; }",
        "larch.opencl, /* System.exit(1) */ class A {}"})
    void whatIsReservedMayBeUsedWhereItBelongs(String packageName, String body) {
        assertEquals(List.of(), check(SourceRules::reserved, packageName, body));
    }

    @Test
    void aNameInAStringIsNoWayAround() {
        String cli = "class A { String main = \"larch.fncf.cli.Main\"; }";
        String opencl = "class A {\n String c = \"larch.opencl.OpenClDevices\"; }";
        assertEquals(List.of(), check(SourceRules::named, "larch.fncf.boot", cli));
        assertEquals(1, check(SourceRules::named, "larch.fncf.train", cli).size());
        assertEquals(List.of("fncf/src/main/java/larch/fncf/cli/A.java:4: only [larch.opencl, larch.bench] may name "
                + "larch.opencl in a string"), check(SourceRules::named, "larch.fncf.cli", opencl));
        String unsafe = "class A { String u = \"sun.misc.Unsafe\"; }";
        assertEquals(1, check(SourceRules::named, "larch.tensor", unsafe).size());
        String comment = "// \"larch.opencl.OpenClDevices\"\nclass A {}";
        assertEquals(List.of(), check(SourceRules::named, "larch.fncf.cli", comment));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "static int x;", "private static int x = 1;", "static private volatile long x;", "public static int[] x;",
        "static Map<String, List<int[]>> x = new HashMap<>();", "static int x, y;", "static\n int x;",
        "static int x[] = {1};", "protected transient static java.util.List<?> x;",
        "@SuppressWarnings(\"unchecked\") static Object x;"})
    void aStaticFieldMustBeFinal(String field) {
        List<String> violations = check(SourceRules::mutableStatics, "larch.nn", "class A {\n  " + field + "\n}");
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.getFirst().contains("static field 'x' can be changed"), violations::toString);
        assertEquals(List.of(), check(SourceRules::mutableStatics, "larch.bench.gemm", "class A { " + field + " }"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "static final int X = 1;", "private static final int[] X = {1};", "final static int X = 1;", "int x;",
        "static int f(int a) { return a; }", "static <T> T f(T a) { return a; }", "static class B { int x; }",
        "static { g(); }", "public static final Map<String, Integer> X = f();", "static record B(int x) {}",
        "public static final\n  int X = 1;", "static synchronized void f() {}", "final private static int X = 1;",
        "static int f() { int y = 1; return y; }", "static abstract class B { int y; }",
        "static Map<String, Integer> f() { return null; }", "static int[] f() { return g; }", "// static int x;\n"})
    void whatIsNoMutableStaticFieldPasses(String member) {
        assertEquals(List.of(), check(SourceRules::mutableStatics, "larch.nn",
                "import static java.util.List.of;\nclass A {\n  " + member + "\n}"));
    }

    @Test
    void theBudgetOfLinesIsKept() {
        String full = "\n".repeat(LayeringTest.MAX_LINES);
        assertEquals(List.of(), SourceRules.length(JavaSource.of("engine/A.java", full)));
        assertEquals(List.of("opencl-kernels/src/main/resources/cl/a.cl: 451 lines; split it, the most is 450"),
                SourceRules.length(JavaSource.of("opencl-kernels/src/main/resources/cl/a.cl", full + "\n")));
    }

    @Test
    void aPackageOfMoreThanThreeClassesNeedsADoc() {
        List<JavaSource> four = IntStream.range(0, 4)
                .mapToObj(i -> JavaSource.of("engine/src/main/java/larch/nn/A" + i + ".java", "package larch.nn;"))
                .toList();
        JavaSource doc = JavaSource.of("engine/src/main/java/larch/nn/package-info.java", "package larch.nn;");
        assertEquals(List.of("engine/src/main/java/larch/nn: 4 classes and no package-info.java; say what the package "
                + "is for and what to read first"), SourceRules.packagesWithoutDoc(four));
        assertEquals(List.of(), SourceRules.packagesWithoutDoc(four.subList(0, 3)));
        assertEquals(List.of(), SourceRules.packagesWithoutDoc(Stream.concat(four.stream(), Stream.of(doc)).toList()));
    }
}
