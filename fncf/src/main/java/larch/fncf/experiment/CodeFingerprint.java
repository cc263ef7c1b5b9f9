package larch.fncf.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import larch.backend.Backend;
import larch.fncf.model.Fncf;
import larch.tensor.Tensor;

/// What the program is that computes: a hash over its classes, without what only debuggers read, so that neither a comment nor
/// a moved line changes it, but every other change does. Of programs that have the same fingerprint and are given the same, the
/// results are the same; the version and the revision in a repository promise nothing.
final class CodeFingerprint {
    /// The engine, and the kernels of devices.
    private static final List<String> ENGINE = List.of("larch/autodiff/", "larch/backend/", "larch/expr/", "larch/gemm/", "larch/nn/",
            "larch/op/", "larch/opencl/", "larch/optim/", "larch/parallel/", "larch/plan/", "larch/random/", "larch/tensor/", "cl/");
    private static final List<String> LABORATORY = List.of("larch/fncf/data/", "larch/fncf/eval/", "larch/fncf/model/",
            "larch/fncf/train/");
    private static final List<String> ATTACK = List.of("larch/fncf/attack/");

    private final SortedMap<String, byte[]> hashes = new TreeMap<>();

    /// Reads the classes that are running.
    /// @param backend what computes
    CodeFingerprint(Backend backend) {
        this(places(Tensor.class, Fncf.class, backend.getClass()));
    }

    /// @param places jars and folders of classes
    CodeFingerprint(Set<Path> places) {
        for (Path place : places) {
            try {
                if (Files.isDirectory(place)) {
                    read(place);
                } else {
                    try (FileSystem jar = FileSystems.newFileSystem(place)) {
                        read(jar.getPath("/"));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("fingerprint: cannot read the program's classes in " + place, e);
            }
        }
    }

    private static Set<Path> places(Class<?>... anchors) {
        Set<Path> places = new LinkedHashSet<>();
        for (Class<?> anchor : anchors) {
            CodeSource source = anchor.getProtectionDomain().getCodeSource();
            if (source == null) {
                throw new IllegalStateException("fingerprint: expected " + anchor.getName() + " to come from a jar or a folder; "
                        + "got a run-time image, whose classes cannot be read here");
            }
            try {
                places.add(Path.of(source.getLocation().toURI()));
            } catch (URISyntaxException e) {
                throw new IllegalStateException("fingerprint: " + anchor.getName() + " comes from " + source.getLocation(), e);
            }
        }
        return places;
    }

    private void read(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (isIn(name, ENGINE) || isIn(name, LABORATORY) || isIn(name, ATTACK)) {
                    if (name.endsWith(".class")) {
                        hashes.put(name, sha256().digest(withoutDebugging(Files.readAllBytes(file))));
                    } else if (name.endsWith(".cl")) {
                        hashes.put(name, sha256().digest(Files.readAllBytes(file)));
                    }
                }
            }
        }
    }

    /// The same class written anew, without numbers of lines and names of variables.
    private static byte[] withoutDebugging(byte[] bytes) {
        ClassFile file = ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG, ClassFile.LineNumbersOption.DROP_LINE_NUMBERS,
                ClassFile.ConstantPoolSharingOption.NEW_POOL, ClassFile.StackMapsOption.DROP_STACK_MAPS);
        return file.transformClass(file.parse(bytes), ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL));
    }

    private static boolean isIn(String name, List<String> packages) {
        return packages.stream().anyMatch(name::startsWith);
    }

    /// @return of everything that training and evaluation consist of
    String ofTraining() {
        return of(Stream.concat(ENGINE.stream(), LABORATORY.stream()).toList());
    }

    /// @return of everything that attacks consist of
    String ofAttack() {
        return of(Stream.of(ENGINE, LABORATORY, ATTACK).flatMap(List::stream).toList());
    }

    private String of(List<String> packages) {
        MessageDigest all = sha256();
        hashes.forEach((name, hash) -> {
            if (isIn(name, packages)) {
                all.update(name.getBytes(StandardCharsets.UTF_8));
                all.update(hash);
            }
        });
        return HexFormat.of().formatHex(all.digest(), 0, 8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
