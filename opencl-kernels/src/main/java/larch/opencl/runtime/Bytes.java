package larch.opencl.runtime;

import java.util.Locale;

/// Sizes for people.
final class Bytes {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Bytes() {}

    /// @return as in `17 bytes`, `1.5 MiB`
    static String text(long bytes) {
        if (bytes < 1024) {
            return bytes + (bytes == 1 ? " byte" : " bytes");
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10 - 1;
        return String.format(Locale.ROOT, "%.1f %s", bytes / (double) (1L << 10 * (unit + 1)), UNITS[unit]);
    }
}
