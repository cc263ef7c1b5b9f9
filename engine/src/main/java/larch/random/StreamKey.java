package larch.random;

/// The 64-bit key of a stream from its seed and path.
///
/// ```text
/// root:          mix(seed + ROOT)
/// step (name):   h = key;  for each UTF-8 byte c of name: h = mix(h + GOLDEN + c);  mix(h ^ NAMED)
/// step with i:   the same h;  mix(mix(h ^ INDEXED) + GOLDEN·i)
/// ```
///
/// `mix` is a bijection of 64 bits in which each input bit flips each output bit with probability near one
/// half (Stafford's variant 13 of MurmurHash3's finaliser, as in SplitMix64; Steele, Lea, Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014). So the indices of one name never share a key;
/// among unrelated paths, n streams share one with probability about n²/2^65.
final class StreamKey {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long ROOT = 0x6C61726368000000L;    // "larch"
    private static final long NAMED = 0x6E616D6564000000L;   // "named"
    private static final long INDEXED = 0x696E646578000000L; // "index"

    private StreamKey() {
    }

    static long root(long seed) {
        return mix(seed + ROOT);
    }

    static long child(long key, byte[] name) {
        return mix(absorb(key, name) ^ NAMED);
    }

    static long child(long key, byte[] name, long index) {
        return mix(mix(absorb(key, name) ^ INDEXED) + GOLDEN * index);
    }

    private static long absorb(long key, byte[] name) {
        long h = key;
        for (byte c : name) {
            h = mix(h + GOLDEN + (c & 0xFF));
        }
        return h;
    }

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
