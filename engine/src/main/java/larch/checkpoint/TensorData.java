package larch.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import larch.tensor.Tensor;

/// Moves tensors between a file and memory through one small buffer; numbers are little-endian in the file.
final class TensorData {
    private static final int BUFFER_BYTES = 1 << 18;

    private TensorData() {
    }

    static ByteBuffer buffer() {
        return ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Appends the elements to the channel, bit by bit.
    /// @param buffer Modified
    static void write(FileChannel channel, ByteBuffer buffer, Tensor tensor) throws IOException {
        for (int done = 0; done < tensor.size(); ) {
            int n = Math.min(tensor.size() - done, buffer.capacity() / Float.BYTES);
            buffer.clear();
            buffer.asFloatBuffer().put(tensor.data(), tensor.offset() + done, n);
            writeFully(channel, buffer.limit(n * Float.BYTES));
            done += n;
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// @param dataStart where the data begin in the file
    /// @param buffer    Modified
    static Tensor read(Path file, FileChannel channel, long dataStart, Header.Entry entry, ByteBuffer buffer)
            throws IOException {
        Tensor tensor = Tensor.zeros(entry.shape());
        int bytes = entry.dtype().bytes();
        for (int done = 0; done < tensor.size(); ) {
            int n = Math.min(tensor.size() - done, buffer.capacity() / bytes);
            buffer.clear().limit(n * bytes);
            readFully(file, channel, dataStart + entry.begin() + (long) done * bytes, buffer);
            decode(file, entry, buffer.flip(), tensor.data(), done, n);
            done += n;
        }
        return tensor;
    }

    /// Fills `bytes` from a position of the file.
    static void readFully(Path file, FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int n = channel.read(bytes, at);
            if (n < 0) {
                throw new SafeTensorsException(file, "ended at byte " + at
                        + " while it was read: another program cut it");
            }
            at += n;
        }
    }

    private static void decode(Path file, Header.Entry entry, ByteBuffer from, float[] to, int at, int count)
            throws SafeTensorsException {
        switch (entry.dtype()) {
            case F32 -> from.asFloatBuffer().get(to, at, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = Float.float16ToFloat(from.getShort());
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = Float.intBitsToFloat(from.getShort() << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    double value = from.getDouble();
                    to[at + i] = (float) value;
                    if (Float.isInfinite(to[at + i]) && Double.isFinite(value)) {
                        throw new SafeTensorsException(file, entry.shown() + ": element " + (at + i) + " is " + value
                                + ", beyond the range of float32");
                    }
                }
            }
        }
    }
}
