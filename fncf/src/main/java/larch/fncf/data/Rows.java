package larch.fncf.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/// The rows of one delimited text file, split and checked, with errors that name file and line.
///
/// Files are ISO-8859-1; lines end with LF or CR LF; blank lines are skipped. Control characters are refused,
/// and so is text that was re-encoded as UTF-8, because its titles would come out garbled.
final class Rows {
    private final String where;
    private final String layout;
    private final int minFields;
    private final int maxFields;
    private final Iterator<CsvRecord> records;
    private CsvRecord row;

    /// @param separator what stands between two fields
    /// @param layout    the fields as the format's documentation writes them, for messages
    /// @param minFields the fewest fields of a row
    /// @param maxFields the most fields of a row
    Rows(String where, byte[] bytes, String separator, String layout, int minFields, int maxFields) {
        this.where = where;
        this.layout = layout;
        this.minFields = minFields;
        this.maxFields = maxFields;
        requireText(where, bytes);
        // NUL cannot occur any more, so as a quote it makes quotation marks in titles ordinary characters. Our own
        // check of the number of fields names what is expected.
        records = CsvReader.builder().fieldSeparator(separator).quoteCharacter('\0')
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE).missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.ISO_8859_1))
                .iterator();
        if (!hasNext()) {
            throw DataException.at(where, 1, "at least one row " + layout, "an empty file",
                    "unpack the archive again");
        }
    }

    /// Goes to the next row and checks its number of fields.
    /// @return false when there is none
    boolean next() {
        if (!hasNext()) {
            return false;
        }
        row = records.next();
        if (fields() < minFields || fields() > maxFields) {
            throw error((minFields == maxFields ? "" : "at least ") + minFields + " fields " + layout,
                    fields() + (fields() == 1 ? " field" : " fields"), "correct the row");
        }
        return true;
    }

    private boolean hasNext() {
        try {
            return records.hasNext();
        } catch (CsvParseException e) {
            throw DataException.at(where, row == null ? 1 : line() + 1, "a row " + layout, e.getMessage(),
                    "check that this is the file you meant").causedBy(e);
        }
    }

    int fields() {
        return row.getFieldCount();
    }

    long line() {
        return row.getStartingLineNumber();
    }

    String text(int field) {
        return row.getField(field);
    }

    /// @return the whole number in `field`, within [min, max]
    int integer(int field, String what, int min, int max) {
        return (int) whole(field, what, min, max);
    }

    /// @return the whole number in `field`, not negative
    long timestamp(int field) {
        return whole(field, "timestamp", 0, Long.MAX_VALUE);
    }

    /// @return the finite number in `field`
    float number(int field, String what) {
        try {
            float value = Float.parseFloat(text(field));
            if (Float.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with the infinite and the not-a-number values.
        }
        throw error(what + " to be a number", quoted(text(field)), "correct the row");
    }

    private long whole(int field, String what, long min, long max) {
        try {
            long value = Long.parseLong(text(field));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with the values out of range.
        }
        throw error(what + " to be a whole number " + (max >= Integer.MAX_VALUE ? "from " + min + " up"
                : "from " + min + " to " + max), quoted(text(field)), "correct the row");
    }

    DataException error(String expected, String got, String fix) {
        return DataException.at(where, line(), expected, got, fix);
    }

    static String quoted(String text) {
        String shown = text.length() <= 60 ? text : text.substring(0, 60) + "…";
        return "\"" + shown + "\"";
    }

    private static void requireText(String where, byte[] bytes) {
        int line = 1;
        boolean ascii = true;
        for (byte b : bytes) {
            int c = b & 0xFF;
            if (c == '\n') {
                line++;
            } else if (c < 0x20 && c != '\t' && c != '\r' || c == 0x7F) {
                throw DataException.at(where, line, "text", String.format("the control character 0x%02X", c),
                        "the file is damaged or not a text file: unpack the archive again");
            }
            ascii &= c < 0x80;
        }
        if (!ascii && isUtf8(bytes)) {
            throw DataException.of(where, "ISO-8859-1 text", "UTF-8 text",
                    "take the original file, or run `iconv -f utf-8 -t iso-8859-1` on it");
        }
        line = 1;
        for (byte b : bytes) {
            if (b >= (byte) 0x80 && b <= (byte) 0x9F) {
                throw DataException.at(where, line, "ISO-8859-1 text", String.format("the byte 0x%02X", b & 0xFF),
                        "the file is damaged or in another encoding: take the original");
            }
            line += b == '\n' ? 1 : 0;
        }
    }

    /// Latin-1 text with an accented letter is practically never valid UTF-8: a lone byte above 0x7F is not.
    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
