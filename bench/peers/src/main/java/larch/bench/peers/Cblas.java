package larch.bench.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import larch.bench.workload.Product;
import larch.gemm.Transpose;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// `cblas_sgemm` of a shared library, called without a wrapper; operands lie in native memory at page boundaries.
@SuppressWarnings("restricted")
final class Cblas implements GemmLibrary {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSED = 112;
    private static final long PAGE = 4096;
    private static final Linker LINKER = Linker.nativeLinker();

    private final Arena arena = Arena.ofShared();
    private final MethodHandle sgemm;

    private Cblas(Path library, String setThreads, int threads) {
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, arena);
        sgemm = LINKER.downcallHandle(symbols.findOrThrow("cblas_sgemm"), FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT));
        call(LINKER.downcallHandle(symbols.findOrThrow(setThreads), FunctionDescriptor.ofVoid(JAVA_INT)), threads);
    }

    /// @param threads  how many
    /// @param coreType whose kernels OpenBLAS must take; null for its own choice
    /// @return OpenBLAS
    static GemmLibrary openBlas(int threads, String coreType) {
        if (coreType != null) {
            setEnvironment("OPENBLAS_CORETYPE", coreType);
        }
        return new Cblas(NativeFolder.of("org/bytedeco/openblas/").resolve("libopenblas.so.0"), "openblas_set_num_threads", threads);
    }

    /// @param threads how many
    /// @return Intel MKL with 32-bit sizes and Intel's threads
    static GemmLibrary mkl(int threads) {
        return new Cblas(NativeFolder.of("org/bytedeco/mkl/").resolve("libmkl_rt.so.3"), "MKL_Set_Num_Threads", threads);
    }

    /// A library reads the environment of the process when it is loaded; Java's own copy of it cannot be changed.
    private static void setEnvironment(String name, String value) {
        MethodHandle setenv = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        try (Arena strings = Arena.ofConfined()) {
            call(setenv, strings.allocateFrom(name), strings.allocateFrom(value), 1);
        }
    }

    private static void call(MethodHandle function, Object... arguments) {
        try {
            function.invokeWithArguments(arguments);
        } catch (Throwable failure) {
            throw new IllegalStateException("calling " + function + ": " + failure.getMessage(), failure);
        }
    }

    @Override
    public Ready prepare(Product product) {
        return new Call(product);
    }

    /// Its process ends with it; OpenBLAS would wait for its threads.
    @Override
    public void close() {
    }

    private final class Call implements Ready {
        private final int transA;
        private final int transB;
        private final int m;
        private final int n;
        private final int k;
        private final int lda;
        private final int ldb;
        private final MemorySegment a;
        private final MemorySegment b;
        private final MemorySegment c;

        Call(Product product) {
            transA = code(product.transA());
            transB = code(product.transB());
            m = product.m();
            n = product.n();
            k = product.k();
            lda = product.a().dim(1);
            ldb = product.b().dim(1);
            a = copy(product.a());
            b = copy(product.b());
            c = allocate((long) m * n);
        }

        private static int code(Transpose transpose) {
            return transpose.isTransposed() ? TRANSPOSED : NO_TRANSPOSE;
        }

        private MemorySegment allocate(long floats) {
            return arena.allocate(MemoryLayout.sequenceLayout(floats, JAVA_FLOAT).byteSize(), PAGE);
        }

        private MemorySegment copy(Tensor tensor) {
            MemorySegment segment = allocate(tensor.size());
            MemorySegment.copy(tensor.data(), tensor.offset(), segment, JAVA_FLOAT, 0, tensor.size());
            return segment;
        }

        @Override
        public void run() {
            try {
                sgemm.invokeExact(ROW_MAJOR, transA, transB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            } catch (Throwable failure) {
                throw new IllegalStateException("cblas_sgemm: " + failure.getMessage(), failure);
            }
        }

        @Override
        public Tensor result() {
            return Tensor.wrap(Shape.of(m, n), c.toArray(JAVA_FLOAT), 0);
        }
    }
}
