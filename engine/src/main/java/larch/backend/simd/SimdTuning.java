package larch.backend.simd;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import larch.gemm.Epilogue;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmTuning;
import larch.gemm.MicroKernels;
import larch.gemm.Microtile;
import larch.gemm.Update;
import larch.machine.CacheFolder;
import larch.machine.Cpu;
import larch.machine.PeakFlops;
import larch.tuning.MachineKey;
import larch.tuning.TuningChoice;
import larch.tuning.TuningFile;

/// Which numbers shape the products of a [SimdBackend], and where they are from.
///
/// @param blocking the numbers
/// @param origin   in a few words, such as `shipped tuning`
public record SimdTuning(GemmBlocking blocking, String origin) {
    /// @param choice     what the user wants
    /// @param vectorBits 128, 256 or 512
    /// @return the numbers
    /// @throws larch.tuning.TuningException if a file that should be used is damaged or another machine's
    static SimdTuning of(TuningChoice choice, int vectorBits) {
        return of(choice, vectorBits, folder());
    }

    static SimdTuning of(TuningChoice choice, int vectorBits, Path folder) {
        return switch (choice) {
            case TuningChoice.Shipped() -> shipped(vectorBits);
            case TuningChoice.File(Path path) -> new SimdTuning(read(path, vectorBits), "tuning " + path);
            case TuningChoice.Auto() -> {
                // Without the folder there is no need to find out what machine this is.
                Path file = Files.isDirectory(folder) ? folder.resolve(key(vectorBits).fileName()) : null;
                yield file == null || !Files.exists(file) ? shipped(vectorBits)
                        : new SimdTuning(read(file, vectorBits), "tuned on this machine");
            }
        };
    }

    private static SimdTuning shipped(int vectorBits) {
        return new SimdTuning(GemmBlocking.forVectorBits(vectorBits), "shipped tuning");
    }

    private static GemmBlocking read(Path path, int vectorBits) {
        TuningFile file = TuningFile.read(path);
        key(vectorBits).requireIn(file);
        return GemmTuning.readTuned(file, vectorBits);
    }

    /// @param vectorBits 128, 256 or 512; 0 for the machine's preferred width
    /// @return where `auto` looks for this machine's numbers; the file need not exist
    public static Path file(int vectorBits) {
        return folder().resolve(key(vectorBits).fileName());
    }

    private static Path folder() {
        return CacheFolder.of("tuning");
    }

    /// @param vectorBits 128, 256 or 512; 0 for the machine's preferred width
    /// @return what numbers that are found now, here, hold for
    public static MachineKey key(int vectorBits) {
        SimdWidth width = SimdWidth.of(vectorBits);
        GemmBlocking shipped = GemmBlocking.forVectorBits(width.bits());
        KernelWriter out = new KernelWriter();
        new MicroKernelWriter(out, width, new Microtile(shipped.mr(), shipped.vectors(), shipped.kUnroll(), Update.ADD,
                Epilogue.NONE.form())).write();
        CRC32 hash = new CRC32();
        // A JVM that is told to use narrower vectors than the processor has may also have fewer registers.
        hash.update((PeakFlops.availableBits() + "\n" + shipped + "\n" + out.listing()).getBytes(StandardCharsets.UTF_8));
        return new MachineKey(Cpu.model(), width.bits(), Runtime.version().feature(), "%08x".formatted(hash.getValue()));
    }

    /// @param vectorBits  128, 256 or 512; 0 for the machine's preferred width
    /// @param dumpKernels where each kernel leaves a class file and a listing; null for nowhere
    /// @return the kernels to tune
    public static MicroKernels kernels(int vectorBits, Path dumpKernels) {
        return new MicroKernelCompiler(new KernelCompiler(dumpKernels), SimdWidth.of(vectorBits));
    }
}
