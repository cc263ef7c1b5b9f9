package larch.backend.simd;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_SUPER;
import static java.lang.constant.ConstantDescs.BSM_CLASS_DATA;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.DEFAULT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/// Turns a method body into a running kernel: builds a class file in memory and defines it as a hidden class.
///
/// A hidden class of its own per kernel gives C2 one small method to compile, with the vector species as a constant and
/// a profile that no other kernel mixes into. `--dump-kernels DIR` writes each class file there (read it with
/// `javap -c`) beside a readable listing.
final class KernelCompiler {
    /// The kernel's own table of numbers, as a constant to load.
    static final DynamicConstantDesc<float[]> TABLE =
            DynamicConstantDesc.ofNamed(BSM_CLASS_DATA, DEFAULT_NAME, CD_float.arrayType());

    private static final System.Logger LOG = System.getLogger("larch");

    private final Path dumpFolder;

    /// @param dumpFolder where to write what is compiled; null for nowhere
    KernelCompiler(Path dumpFolder) {
        this.dumpFolder = dumpFolder;
    }

    /// @param kernelType a functional interface of this package or a public one
    /// @param name       a Java identifier that says what the kernel is, such as `gemm_8x3_512`
    /// @param listing    what the kernel does, as text for people
    /// @param body       emits the interface's only method; local 0 is `this`, arguments follow
    /// @return the running kernel
    <T> T compile(Class<T> kernelType, String name, String listing, Consumer<CodeBuilder> body) {
        return compile(kernelType, name, listing, body, new float[0]);
    }

    /// @param kernelType a functional interface of this package or a public one
    /// @param name       a Java identifier that says what the kernel is, such as `gemm_8x3_512`
    /// @param listing    what the kernel does, as text for people
    /// @param body       emits the interface's only method; local 0 is `this`, arguments follow
    /// @param table      numbers that the body pushes as [#TABLE]
    /// @return the running kernel
    <T> T compile(Class<T> kernelType, String name, String listing, Consumer<CodeBuilder> body, float[] table) {
        Method method = onlyMethod(kernelType);
        ClassDesc kernelClass = ClassDesc.of(KernelCompiler.class.getPackageName(), name);
        MethodTypeDesc type = MethodTypeDesc.of(desc(method.getReturnType()),
                Arrays.stream(method.getParameterTypes()).map(KernelCompiler::desc).toList());
        byte[] bytes = ClassFile.of().build(kernelClass, builder -> builder
                .withFlags(ACC_FINAL | ACC_SUPER)
                .withInterfaceSymbols(desc(kernelType))
                .withMethodBody(INIT_NAME, MTD_void, 0, code -> code
                        .aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_())
                .withMethodBody(method.getName(), type, ACC_PUBLIC | ACC_FINAL, body));
        dump(name, bytes, listing);
        warnIfHuge(name, bytes);
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClassWithClassData(bytes, table, true);
            return kernelType.cast(lookup.findConstructor(lookup.lookupClass(),
                    MethodType.methodType(void.class)).invoke());
        } catch (Throwable failure) {
            throw new IllegalStateException("kernel " + name + ": the JVM refused the compiled class; "
                    + "see it with --dump-kernels DIR (-Dlarch.dumpKernels=DIR)", failure);
        }
    }

    /// What can be cut has been ([Passes]); for the rest it must not stay a secret.
    private static void warnIfHuge(String name, byte[] bytes) {
        if (bytes.length > Passes.HUGE_METHOD) {
            ClassFile.of().parse(bytes).methods().stream().flatMap(method -> method.findAttribute(Attributes.code()).stream())
                    .mapToInt(CodeAttribute::codeLength).filter(length -> length > Passes.HUGE_METHOD).forEach(length ->
                            LOG.log(System.Logger.Level.WARNING, () -> "simd: the kernel " + name + " has " + length
                                    + " bytes of code, and the JVM compiles no method of more than " + Passes.HUGE_METHOD
                                    + ": it will run a hundred times slower; make its expression shorter, with intermediate"
                                    + " results in tensors"));
        }
    }

    private void dump(String name, byte[] bytes, String listing) {
        if (dumpFolder == null) {
            return;
        }
        try {
            Files.createDirectories(dumpFolder);
            Files.write(dumpFolder.resolve(name + ".class"), bytes);
            Files.writeString(dumpFolder.resolve(name + ".txt"), listing);
        } catch (IOException failure) {
            throw new UncheckedIOException("dump-kernels: cannot write to " + dumpFolder
                    + "; name a folder that is writable", failure);
        }
    }

    private static Method onlyMethod(Class<?> kernelType) {
        Method[] methods = kernelType.getDeclaredMethods();
        if (methods.length != 1) {
            throw new IllegalArgumentException(kernelType + " must declare exactly one method");
        }
        return methods[0];
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
