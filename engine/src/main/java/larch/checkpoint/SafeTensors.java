package larch.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;

/// Reads and writes the safetensors format, which most machine-learning libraries know.
///
/// ```text
/// 8 bytes   N, the length of the header, little-endian
/// N bytes   the header: JSON in UTF-8, see Header
/// the rest  the elements of the tensors, little-endian, row-major, one tensor after another
/// ```
///
/// Reading trusts nothing: a file that breaks a rule ends in a [SafeTensorsException], and no memory is taken
/// for a size that the file itself does not back with bytes. Float32 goes in and out bit by bit, NaNs
/// included. Files of other libraries may also hold F16 and BF16 (exact) and F64 (rounded to the nearest
/// float32; a finite number beyond its range is refused). Any other type, an integer for example, is refused
/// by name.
///
/// Format: <https://github.com/huggingface/safetensors>.
public final class SafeTensors {
    private static final int MIN_BYTES = Long.BYTES + 2;    // the header {} and no data

    private SafeTensors() {
    }

    /// Writes a checkpoint as float32. The same content gives the same bytes.
    ///
    /// The file appears as a whole or not at all: it is written under another name in the same folder, forced
    /// to the disk and moved. On failure an older file of that name stays as it was.
    /// @param file       the file, replaced if it exists; its folder must exist
    /// @param checkpoint what to write
    /// @throws SafeTensorsException if it cannot be written
    public static void write(Path file, Checkpoint checkpoint) throws SafeTensorsException {
        byte[] header = Header.format(checkpoint).getBytes(StandardCharsets.UTF_8);
        long padded = (header.length + 7L) & -8L;
        if (padded > Header.MAX_BYTES) {
            throw new SafeTensorsException(file, "the header would take " + padded + " bytes; the format allows "
                    + Header.MAX_BYTES + ": store fewer tensors or less metadata");
        }
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES + (int) padded).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(padded).put(header);
        while (head.hasRemaining()) {
            head.put((byte) ' ');                            // so that the data begin at a multiple of 8 bytes
        }
        try {
            AtomicFile.replace(file, channel -> {
                TensorData.writeFully(channel, head.flip());
                ByteBuffer buffer = TensorData.buffer();
                for (var tensor : checkpoint.tensors().values()) {
                    TensorData.write(channel, buffer, tensor);
                }
            });
        } catch (IOException e) {
            throw new SafeTensorsException(file, "cannot be written: " + reason(e), e);
        }
    }

    /// Reads a whole file.
    /// @param file the file
    /// @return its tensors, in the order of the header, and its metadata
    /// @throws SafeTensorsException if it cannot be read or breaks a rule of the format
    public static Checkpoint read(Path file) throws SafeTensorsException {
        return open(file, (channel, header, dataStart) -> {
            Checkpoint.Builder checkpoint = Checkpoint.builder().metadata(header.metadata());
            ByteBuffer buffer = TensorData.buffer();
            for (Header.Entry entry : header.tensors()) {
                checkpoint.put(entry.name(), TensorData.read(file, channel, dataStart, entry, buffer));
            }
            return checkpoint.build();
        });
    }

    /// Reads the metadata only; the header is checked as by [#read], the data are not touched.
    /// @param file the file
    /// @return the metadata, sorted by key; unmodifiable
    /// @throws SafeTensorsException if it cannot be read or breaks a rule of the format
    public static Map<String, String> readMetadata(Path file) throws SafeTensorsException {
        return open(file, (channel, header, dataStart) -> Collections.unmodifiableMap(header.metadata()));
    }

    private interface Body<T> {
        T read(FileChannel channel, Header header, long dataStart) throws IOException;
    }

    private static <T> T open(Path file, Body<T> body) throws SafeTensorsException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new SafeTensorsException(file, "expected a safetensors file; it is "
                    + (Files.isDirectory(file) ? "a directory" : "not a regular file"));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < MIN_BYTES) {
                throw new SafeTensorsException(file, "expected a safetensors file, which has at least " + MIN_BYTES
                        + " bytes; it has " + size);
            }
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            TensorData.readFully(file, channel, 0, length);
            long headerBytes = length.getLong(0);
            if (headerBytes < 2 || headerBytes > Header.MAX_BYTES || headerBytes > size - Long.BYTES) {
                throw new SafeTensorsException(file, "the header's length, its first 8 bytes, must be from 2 to "
                        + Math.min(Header.MAX_BYTES, size - Long.BYTES) + " in a file of " + size + " bytes; got "
                        + Long.toUnsignedString(headerBytes) + ": not a safetensors file, or cut short");
            }
            ByteBuffer text = ByteBuffer.allocate((int) headerBytes);
            TensorData.readFully(file, channel, Long.BYTES, text);
            long dataStart = Long.BYTES + headerBytes;
            return body.read(channel, Header.parse(file, decode(file, text.flip()), size - dataStart), dataStart);
        } catch (SafeTensorsException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new SafeTensorsException(file, "no such file", e);
        } catch (IOException e) {
            throw new SafeTensorsException(file, "cannot be read: " + reason(e), e);
        }
    }

    private static String decode(Path file, ByteBuffer text) throws SafeTensorsException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new SafeTensorsException(file, "the header is not UTF-8: byte " + text.position() + " is wrong", e);
        }
    }

    private static String reason(IOException e) {
        String name = e.getClass().getSimpleName().replace("Exception", "");
        return e.getMessage() == null ? name : name + " " + e.getMessage();
    }
}
