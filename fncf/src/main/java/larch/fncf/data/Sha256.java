package larch.fncf.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A running SHA-256 over files and integers.
final class Sha256 {
    private final MessageDigest digest = newDigest("SHA-256");

    /// Adds a file: its name, a line feed, its length in decimal, a line feed and its bytes.
    Sha256 file(String name, byte[] bytes) {
        text(name + "\n" + bytes.length + "\n");
        digest.update(bytes);
        return this;
    }

    Sha256 text(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /// Adds each value as four bytes, the highest first.
    Sha256 ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(values.length, Integer.BYTES));
        buffer.asIntBuffer().put(values);
        digest.update(buffer);
        return this;
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest newDigest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5 and SHA-256, this one lacks " + algorithm, e);
        }
    }
}
