package larch.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import larch.gen.OpCase;
import larch.op.Op;
import larch.op.OpSpec;
import larch.op.Ops;
import org.junit.jupiter.api.Test;

/// The registry knows every op, so no op escapes the contracts, the docs and the benchmarks.
class OpsAreRegisteredTest {
    @Test
    void everyClassThatImplementsOpIsInTheRegistry() throws Exception {
        Set<String> implemented = new TreeSet<>();
        for (Class<?> type : classesBeside(Op.class)) {
            if (Op.class.isAssignableFrom(type) && !type.isInterface() && !Modifier.isAbstract(type.getModifiers())) {
                implemented.add(type.getName());
            }
        }
        Set<String> registered = Ops.ALL.stream().map(spec -> OpCase.of(spec, OpCase.bindings(spec, 2).getFirst()).op()
                .getClass().getName()).collect(Collectors.toCollection(TreeSet::new));
        assertTrue(implemented.size() > 10, () -> "found only " + implemented);
        assertEquals(implemented, registered, "add the missing op's SPECS to larch.op.Ops.ALL");
    }

    @Test
    void namesAreDistinct() {
        List<String> names = Ops.ALL.stream().map(OpSpec::name).toList();
        assertEquals(names.size(), Set.copyOf(names).size(), names::toString);
    }

    @Test
    void eachArgumentHasADomain() {
        for (OpSpec spec : Ops.ALL) {
            int arguments = spec.signature().toString().split("->")[0].strip().split("\\s+").length;
            assertEquals(arguments, spec.domains().size(), spec.name());
        }
    }

    private static List<Class<?>> classesBeside(Class<?> type) throws IOException, URISyntaxException {
        URI origin = type.getProtectionDomain().getCodeSource().getLocation().toURI();
        if (!origin.getPath().endsWith(".jar")) {
            return classesIn(Path.of(origin), type);
        }
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(origin))) {
            return classesIn(jar.getPath("/"), type);
        }
    }

    private static List<Class<?>> classesIn(Path root, Class<?> type) throws IOException {
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.list(root.resolve(type.getPackageName().replace('.', '/')))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("package-info.class")) {
                    classes.add(Class.forName(type.getPackageName() + "."
                            + name.substring(0, name.length() - ".class".length()),
                            false, type.getClassLoader()));
                }
            }
            return classes;
        } catch (ClassNotFoundException gone) {
            throw new IOException("a class file without a class", gone);
        }
    }
}
