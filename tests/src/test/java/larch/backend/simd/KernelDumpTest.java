package larch.backend.simd;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sigmoid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--dump-kernels DIR`: what was compiled can be read.
class KernelDumpTest {
    private static final Broadcast[] FULL = {Broadcast.FULL};

    @TempDir
    private Path folder;

    @Test
    void writesAClassFileAndAListingForEachKernel() throws IOException {
        KernelCompiler compiler = new KernelCompiler(folder.resolve("new"));
        SimdWidth width = SimdWidth.of(256);
        new ElementwiseCompiler(compiler, width).get(new Expr[] {mul(arg(0), sigmoid(arg(0)))}, FULL, 0);
        new ReduceCompiler(compiler, width).get(Reduction.SUM, Axis.ROWS, arg(0), FULL);
        try (Stream<Path> written = Files.list(folder.resolve("new"))) {
            List<Path> files = written.sorted().toList();
            assertEquals(4, files.size(), files::toString);
            for (Path file : files) {
                if (file.toString().endsWith(".class")) {
                    assertNotNull(ClassFile.of().parse(file).thisClass());
                    assertEquals(List.of(), ClassFile.of().verify(file), "a verifier finds nothing");
                } else {
                    String listing = Files.readString(file);
                    assertTrue(listing.startsWith("// ") && listing.contains("return t"), listing);
                }
            }
            assertTrue(Files.readString(files.get(1)).contains("// out = (x0 * sigmoid(x0))"));
        }
    }

    @Test
    void aKernelIsCompiledOnce() {
        ElementwiseCompiler compiler = new ElementwiseCompiler(new KernelCompiler(null), SimdWidth.of(128));
        assertSame(compiler.get(new Expr[] {mul(arg(0), arg(0))}, FULL, 0),
                compiler.get(new Expr[] {mul(arg(0), arg(0))}, new Broadcast[] {Broadcast.FULL}, 0));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        ElementwiseCompiler compiler = new ElementwiseCompiler(new KernelCompiler(file), SimdWidth.of(128));
        String message = assertThrows(RuntimeException.class, () -> compiler.get(new Expr[] {arg(0)}, FULL, 0)).getMessage();
        assertTrue(message.startsWith("dump-kernels: cannot write to " + file), message);
    }
}
