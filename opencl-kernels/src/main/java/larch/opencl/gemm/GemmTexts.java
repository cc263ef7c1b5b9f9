package larch.opencl.gemm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// The texts of the kernels that products are made of, as one number: what was found out about their speed holds for these
/// texts only.
public final class GemmTexts {
    private GemmTexts() {
    }

    /// @return eight hexadecimal digits, the same for the same texts and [GemmChoice#SHIPPED]
    public static String hash() {
        CRC32 hash = new CRC32();
        List<String> resources = Stream.concat(Stream.of(GemmKernel.values()).flatMap(kernel -> kernel.resources().stream()),
                Stream.of("pad_transpose.cl")).distinct().toList();
        hash.update(KernelSource.of(resources, "", GemmEpilogue.NONE).text().getBytes(StandardCharsets.UTF_8));
        hash.update(GemmChoice.SHIPPED.toString().getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(hash.getValue());
    }
}
