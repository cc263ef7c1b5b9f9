package larch.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whatever is written is read back bit by bit; whatever else is read ends in the one exception.
class SafeTensorsProperties {
    private static Path file;

    @BeforeContainer
    static void createFile() throws IOException {
        file = Files.createTempDirectory("larch").resolve("model.safetensors");
    }

    @AfterContainer
    static void deleteFile() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(file.getParent());                     // fails if a temporary file was left
    }

    @Property(tries = 200)
    void roundTrip(@ForAll @Size(max = 6) Map<@From("names") String, @From("shapes") Shape> shapes,
            @ForAll @Size(max = 4) Map<@From("names") String, @From("names") String> metadata,
            @ForAll long seed) throws IOException {
        Draws draws = Rng.of(seed).draws();
        Checkpoint.Builder builder = Checkpoint.builder().metadata(metadata);
        shapes.forEach((name, shape) -> builder.put(name, anyBits(shape, draws)));
        Checkpoint written = builder.build();
        SafeTensors.write(file, written);
        byte[] bytes = Files.readAllBytes(file);
        Checkpoint read = SafeTensors.read(file);

        assertEquals(metadata, read.metadata());
        assertEquals(metadata, SafeTensors.readMetadata(file));
        assertEquals(List.copyOf(written.tensors().keySet()), List.copyOf(read.tensors().keySet()));
        written.tensors().forEach((name, tensor) -> {
            assertEquals(tensor.shape(), read.tensor(name).shape());
            assertArrayEquals(bits(tensor), bits(read.tensor(name)));
        });
        SafeTensors.write(file, read);
        assertArrayEquals(bytes, Files.readAllBytes(file));
        assertEquals(0, (bytes.length - 4 * written.tensors().values().stream().mapToInt(Tensor::size).sum()) % 8);
    }

    @Property(tries = 1000)
    void aDamagedFileIsReadOrRefused(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int damages)
            throws IOException {
        byte[] bytes = valid();
        Draws draws = Rng.of(seed).draws();
        for (int i = 0; i < damages; i++) {
            bytes = damage(bytes, draws);
        }
        Files.write(file, bytes);
        try {
            Checkpoint checkpoint = SafeTensors.read(file);
            int size = checkpoint.tensors().values().stream().mapToInt(Tensor::size).sum();
            assertTrue(size <= bytes.length);
        } catch (SafeTensorsException e) {
            assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
            assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
        }
    }

    @Provide
    static Arbitrary<String> names() {
        return Arbitraries.oneOf(Arbitraries.of("", " ", "\"", "\\", "\\u0041", "\0\u001f\u007f", "\r\n\t\b\f", "/",
                "é", "漢字", "😀", "\u2028", "fc1.weight", "__metadata", "{}"), Arbitraries.strings().ofMaxLength(12))
                .filter(name -> !name.equals(Header.METADATA)
                        && StandardCharsets.UTF_8.newEncoder().canEncode(name));
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Arbitraries.integers().between(0, 5).array(int[].class).ofMaxSize(4).map(Shape::of);
    }

    /// Random words as floats, which makes NaNs of all kinds, and the special numbers; inside a larger array.
    private static Tensor anyBits(Shape shape, Draws draws) {
        float[] special = {Float.NaN, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
            Float.intBitsToFloat(0x7f800001), Float.intBitsToFloat(0xffffffff)};
        float[] data = new float[shape.size() + 3];
        for (int i = 0; i < data.length; i++) {
            int k = draws.nextInt(2 * special.length);
            data[i] = k < special.length ? special[k] : Float.intBitsToFloat(draws.nextInt());
        }
        return Tensor.wrap(shape, data, 2);
    }

    private static int[] bits(Tensor tensor) {
        int[] bits = new int[tensor.size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(tensor.data()[tensor.offset() + i]);
        }
        return bits;
    }

    private static byte[] valid() {
        return FileBytes.of("{\"__metadata__\":{\"k\":\"v\\u00e9\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"b\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[24,32]},"
                + "\"c\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[32,40]},"
                + "\"d\":{\"dtype\":\"F16\",\"shape\":[0,9],\"data_offsets\":[40,40]}}", new byte[40]);
    }

    /// One byte changed, replaced by a character that means something, removed or doubled; or the file cut.
    private static byte[] damage(byte[] bytes, Draws draws) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = draws.nextInt(bytes.length);
        byte[] damaged = bytes.clone();
        switch (draws.nextInt(5)) {
            case 0 -> damaged[at] ^= (byte) (1 << draws.nextInt(8));
            case 1 -> damaged[at] = (byte) "{}[]\",:\\019-e.u \n".charAt(draws.nextInt(17));
            case 2 -> {
                System.arraycopy(bytes, at + 1, damaged, at, bytes.length - at - 1);
                damaged[0]--;
                damaged = Arrays.copyOf(damaged, bytes.length - 1);
            }
            case 3 -> {
                damaged = Arrays.copyOf(bytes, bytes.length + 1);
                System.arraycopy(bytes, at, damaged, at + 1, bytes.length - at);
                damaged[0]++;
            }
            default -> damaged = Arrays.copyOf(bytes, at);
        }
        return damaged;
    }
}
