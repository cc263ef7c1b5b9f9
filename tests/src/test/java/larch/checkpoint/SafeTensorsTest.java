package larch.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files byte by byte, files of other libraries, and what is left behind when writing fails.
class SafeTensorsTest {
    @TempDir
    Path folder;

    @Test
    void writesExactlyTheseBytes() throws IOException {
        Path file = folder.resolve("golden.safetensors");
        SafeTensors.write(file, golden());
        assertArrayEquals(goldenBytes(), Files.readAllBytes(file));
    }

    @Test
    void readsExactlyTheseBytes() throws IOException {
        Path file = folder.resolve("golden.safetensors");
        Files.write(file, goldenBytes());
        Checkpoint checkpoint = SafeTensors.read(file);
        assertEquals(List.of("w", "b\"\n"), List.copyOf(checkpoint.tensors().keySet()));
        assertEquals(Shape.of(1, 2), checkpoint.tensor("w").shape());
        assertArrayEquals(new float[] {1, -2.5f}, checkpoint.tensor("w").toArray());
        assertEquals(Shape.SCALAR, checkpoint.tensor("b\"\n").shape());
        assertEquals(0.5f, checkpoint.tensor("b\"\n").item());
        assertEquals(Map.of("epoch", "3", "note", "ä"), checkpoint.metadata());
        assertEquals(Map.of("epoch", "3", "note", "ä"), SafeTensors.readMetadata(file));
    }

    private static Checkpoint golden() {
        Tensor window = Tensor.wrap(Shape.of(1, 2), new float[] {9, 1, -2.5f, 9}, 1);
        return Checkpoint.builder().metadata("note", "ä").put("w", window).put("b\"\n", Tensor.scalar(0.5f))
                .metadata("epoch", "3").build();
    }

    private static byte[] goldenBytes() {
        String header = "{\"__metadata__\":{\"epoch\":\"3\",\"note\":\"ä\"},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"b\\\"\\u000a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
        byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
        assertEquals(158, utf8.length);                     // hence 2 spaces up to 160 bytes
        ByteBuffer bytes = ByteBuffer.allocate(8 + 160 + 12);
        bytes.put(new byte[] {(byte) 160, 0, 0, 0, 0, 0, 0, 0}).put(utf8).put(new byte[] {' ', ' '});
        bytes.put(new byte[] {0, 0, (byte) 0x80, 0x3f});            // 1
        bytes.put(new byte[] {0, 0, 0x20, (byte) 0xc0});            // -2.5
        bytes.put(new byte[] {0, 0, 0, 0x3f});                      // 0.5
        return bytes.array();
    }

    @Test
    void anEmptyCheckpointIsAFile() throws IOException {
        Path file = folder.resolve("empty");
        SafeTensors.write(file, Checkpoint.builder().build());
        assertArrayEquals(new byte[] {8, 0, 0, 0, 0, 0, 0, 0, '{', '}', ' ', ' ', ' ', ' ', ' ', ' '},
                Files.readAllBytes(file));
        assertTrue(SafeTensors.read(file).tensors().isEmpty());
        assertTrue(SafeTensors.read(file).metadata().isEmpty());
    }

    /// White space, escapes, any order of keys and of data, a header that is not padded: all as other
    /// libraries may.
    @Test
    void readsWhatOtherLibrariesMayWrite() throws IOException {
        String header = " \t\r\n{ \"\\u0061\\/\\ud83d\\ude00\" : { \"data_offsets\" : [ 4 , 8 ] , \"shape\" : [ 1 ] ,"
                + " \"dtype\" : \"F32\" } ,\"z\":{\"shape\":[],\"dtype\":\"F32\",\"data_offsets\":[0,4]}}  \n";
        Path file = write(header, 1.5f, 2.5f);
        Checkpoint checkpoint = SafeTensors.read(file);
        assertEquals(List.of("a/😀", "z"), List.copyOf(checkpoint.tensors().keySet()));
        assertEquals(2.5f, checkpoint.tensor("a/😀").item());
        assertEquals(1.5f, checkpoint.tensor("z").item());
    }

    @Test
    void convertsTheOtherFloatTypes() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(8 * 3 + 2 * 4 + 2 * 3).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putDouble(Double.NEGATIVE_INFINITY).putDouble(Double.NaN);
        data.putShort((short) 0x3c01).putShort((short) 0x0001).putShort((short) 0xfc00).putShort((short) 0x7e00);
        data.putShort((short) 0x3f81).putShort((short) 0x8000).putShort((short) 0x7fc1);
        Path file = write("{\"d\":{\"dtype\":\"F64\",\"shape\":[3],\"data_offsets\":[0,24]},"
                + "\"h\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[24,32]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[32,38]}}", data.array());
        Checkpoint checkpoint = SafeTensors.read(file);
        assertArrayEquals(new float[] {0.1f, Float.NEGATIVE_INFINITY, Float.NaN}, checkpoint.tensor("d").toArray());
        assertArrayEquals(new float[] {1 + 0x1p-10f, 0x1p-24f, Float.NEGATIVE_INFINITY, Float.NaN},
                checkpoint.tensor("h").toArray());
        float[] bf16 = checkpoint.tensor("b").toArray();
        assertEquals(0x3f810000, Float.floatToRawIntBits(bf16[0]));
        assertEquals(0x80000000, Float.floatToRawIntBits(bf16[1]));
        assertEquals(0x7fc10000, Float.floatToRawIntBits(bf16[2]));
    }

    @Test
    void tensorsLargerThanTheBufferArriveWhole() throws IOException {
        int size = 200_003;
        Tensor large = Tensor.zeros(size);
        for (int i = 0; i < size; i++) {
            large.data()[i] = i;
        }
        Path file = folder.resolve("large");
        SafeTensors.write(file, Checkpoint.builder().put("first", Tensor.scalar(7)).put("large", large).build());
        assertArrayEquals(large.data(), SafeTensors.read(file).tensor("large").toArray());

        ByteBuffer doubles = ByteBuffer.allocate(8 * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            doubles.putDouble(i);
        }
        Path other = write("{\"d\":{\"dtype\":\"F64\",\"shape\":[" + size + "],\"data_offsets\":[0," + 8 * size + "]}}",
                doubles.array());
        assertArrayEquals(large.data(), SafeTensors.read(other).tensor("d").toArray());
    }

    @Test
    void metadataDoNotTouchTheData() throws IOException {
        Path file = write("{\"__metadata__\":{\"k\":\"v\"},"
                + "\"x\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x7e});       // beyond float32: read refuses it
        assertEquals(Map.of("k", "v"), SafeTensors.readMetadata(file));
        assertThrows(SafeTensorsException.class, () -> SafeTensors.read(file));
    }

    @Test
    void replacesAnOlderFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("model");
        Files.writeString(file, "old");
        SafeTensors.write(file, golden());
        assertArrayEquals(goldenBytes(), Files.readAllBytes(file));
        assertEquals(List.of("model"), names());
    }

    /// An interrupted thread may not write to a channel, which is a failure in the middle of writing.
    @Test
    void anInterruptedWriteLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("model");
        Files.writeString(file, "old");
        Thread.currentThread().interrupt();
        SafeTensorsException e = assertThrows(SafeTensorsException.class, () -> SafeTensors.write(file, golden()));
        assertTrue(Thread.interrupted());
        assertEquals(file + ": cannot be written: ClosedByInterrupt", e.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("model"), names());
    }

    @Test
    void contentThatFailsHalfWayLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("model");
        Files.writeString(file, "old");
        IllegalStateException failure = new IllegalStateException("half way");
        assertSame(failure, assertThrows(IllegalStateException.class, () -> AtomicFile.replace(file, channel -> {
            channel.write(ByteBuffer.wrap(new byte[100]));
            assertEquals(2, names().size());
            throw failure;
        })));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("model"), names());
    }

    @Test
    void aTargetThatCannotBeReplacedLeavesNothingBehind() throws IOException {
        Path target = Files.createDirectories(folder.resolve("model/inside"));
        assertThrows(SafeTensorsException.class, () -> SafeTensors.write(target.getParent(), golden()));
        assertEquals(List.of("model"), names());
        Path nowhere = folder.resolve("absent/model");
        SafeTensorsException e = assertThrows(SafeTensorsException.class, () -> SafeTensors.write(nowhere, golden()));
        assertTrue(e.getMessage().startsWith(nowhere + ": cannot be written: "), e.getMessage());
        assertFalse(Files.exists(nowhere.getParent()));
    }

    @Test
    void theBuilderRefusesWhatTheFormatCannotHold() {
        Tensor x = Tensor.scalar(1);
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.builder().put("__metadata__", x));
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.builder().put("\ud83d", x));
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.builder().put("x", x).put("x", x));
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.builder().metadata("k", "\ude00"));
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.builder().metadata("\ude00", "v"));
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.builder().metadata("k", "v").metadata("k", "v"));
        Checkpoint checkpoint = Checkpoint.builder().put("x", x).build();
        assertEquals("checkpoint: no tensor y; there are [x]",
                assertThrows(IllegalArgumentException.class, () -> checkpoint.tensor("y")).getMessage());
        assertThrows(UnsupportedOperationException.class, () -> checkpoint.tensors().clear());
        assertThrows(UnsupportedOperationException.class, () -> checkpoint.metadata().put("k", "v"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private Path write(String header, float... data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(data);
        return write(header, bytes.array());
    }

    private Path write(String header, byte[] data) throws IOException {
        return Files.write(folder.resolve("other.safetensors"), FileBytes.of(header, data));
    }
}
