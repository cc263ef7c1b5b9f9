package larch.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every way in which a file can be wrong ends in one line that names the file and says what is wrong.
class HostileFilesTest {
    private static final byte[] EIGHT = new byte[8];

    @TempDir
    Path folder;

    @Test
    void missing() {
        Path file = folder.resolve("absent");
        assertEquals(file + ": no such file",
                assertThrows(SafeTensorsException.class, () -> SafeTensors.read(file)).getMessage());
    }

    @Test
    void aDirectory() {
        assertEquals(folder + ": expected a safetensors file; it is a directory",
                assertThrows(SafeTensorsException.class, () -> SafeTensors.read(folder)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9})
    void tooShortForALength(int bytes) throws IOException {
        refuses(new byte[bytes], "at least 10 bytes; it has " + bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3, 100_000_001, 1L << 31, 1L << 32, 1L << 32 | 2, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void headerLengths(long length) throws IOException {
        refuses(FileBytes.of(length, "{}".getBytes(StandardCharsets.UTF_8), new byte[0]),
                "must be from 2 to 2 in a file of 10 bytes; got " + Long.toUnsignedString(length));
    }

    /// Sparse, so that it costs the disk nothing: the length alone must stop the reader.
    @Test
    void headerOverTheLimitThatTheFileDoesHold() throws IOException {
        Path file = folder.resolve("sparse");
        Files.write(file, FileBytes.of(100_000_001, new byte[0], new byte[0]));
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(200_000_000).write(ByteBuffer.allocate(1));
        }
        refuses(file, "must be from 2 to 100000000 in a file of 200000001 bytes");
    }

    @Test
    void invalidUtf8() throws IOException {
        for (int[] bad : new int[][] {{0xff}, {0xc3}, {0xc0, 0x80}, {0xed, 0xa0, 0x80}, {0xf5, 0x80, 0x80, 0x80}}) {
            byte[] header = "{\"?        \":1}".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bad.length; i++) {
                header[2 + i] = (byte) bad[i];
            }
            refuses(FileBytes.of(header, new byte[0]), "not UTF-8: byte 2 is wrong");
        }
    }

    /// Headers that are not the JSON of the format; `'` stands for `"`, `~` for a backslash, `¶` for a line
    /// break.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                            | expected the header as an object
            null                          | expected the header as an object
            'text'                        | expected the header as an object
            {{                            | expected a key in quotes; got "{"
            `{ `                          | got the end of the header
            {'a'                          | expected ':' after the key "a"; got the end
            {'a':                         | expected tensor "a" as an object
            {'a':{}}                      | no dtype
            {}}                           | nothing after the header's closing }; got "}"
            {},{}                         | nothing after the header's closing }; got ","
            {}x                           | nothing after the header's closing }; got "x"
            {,}                           | expected a key in quotes; got ","
            {a:1}                         | expected a key in quotes; got "a"
            {'a':1}                       | expected tensor "a" as an object, {…}; got "1"
            {'a':[[[[[[[[[[[[[[[[[[[[     | expected tensor "a" as an object, {…}; got "["
            {'a':{'b':{'c':{'d':          | must have the keys dtype, shape and data_offsets; got "b"
            {'__metadata__':{},}          | expected a key in quotes; got "}"
            {'__metadata__':{'a':'b',}}   | expected a key in quotes; got "}"
            {'__metadata__':{'a' 'b'}}    | expected ':' after the key "a"
            {'__metadata__':{'a':'b'      | ',' or '}' in __metadata__; got the end
            {'__metadata__':{'a':'b       | the header ends inside a string
            {'__metadata__':{'a':'~       | the header ends inside a string
            {'__metadata__':{'a':'~u12    | the header ends inside a string
            {'__metadata__':{'a':'~x'}}   | must be followed by one of
            {'__metadata__':{'a':'~u00g0'}} | four hexadecimal digits; got "g"
            {'__metadata__':{'a':'~u٠٠٠٠'}} | four hexadecimal digits; got "٠"
            {'__metadata__':{'a':'~ud800'}} | half of a surrogate pair, \\ud800
            {'__metadata__':{'a':'~udc00~ud800'}} | half of a surrogate pair, \\udc00
            {'__metadata__':{'a':'¶'}}    | a control character inside a string must be written \\u000a
            {'__metadata__':{'a':1}}      | the metadata value of "a" as a string; got "1"
            {'__metadata__':{'a':null}}   | the metadata value of "a" as a string; got "n"
            {'__metadata__':{'a':{}}}     | the metadata value of "a" as a string; got "{"
            {'__metadata__':{'a':'1','a':'1'}} | the key "a" occurs twice
            {'__metadata__':{'a':'1','~u0061':'1'}} | the key "a" occurs twice
            {'__metadata__':{},'__metadata__':{}} | the key "__metadata__" occurs twice
            {'__metadata__':[]}           | expected __metadata__ as an object
            {'__metadata__':'text'}       | expected __metadata__ as an object
            """)
    void json(String header, String expected) throws IOException {
        refuses(FileBytes.of(header.replace('\'', '"').replace('~', '\\').replace('¶', '\n'), new byte[0]), expected);
    }

    /// Descriptions of one tensor `a` in a file with 8 bytes of data.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'dtype':'F32','shape':[2]                                | 0 data_offsets
            'dtype':'F32','data_offsets':[0,8]                       | no shape
            'shape':[2],'data_offsets':[0,8]                         | no dtype
            'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8] | the key "dtype" occurs twice
            'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1     | got "x"
            'dtype':4,'shape':[2],'data_offsets':[0,8]               | the dtype of tensor "a" as a string
            'dtype':'I32','shape':[2],'data_offsets':[0,8]           | tensor "a" has dtype "I32"; Larch reads F32, F64
            'dtype':'I64','shape':[1],'data_offsets':[0,8]           | tensor "a" has dtype "I64"
            'dtype':'BOOL','shape':[8],'data_offsets':[0,8]          | tensor "a" has dtype "BOOL"
            'dtype':'f32','shape':[2],'data_offsets':[0,8]           | tensor "a" has dtype "f32"
            'dtype':'','shape':[2],'data_offsets':[0,8]              | tensor "a" has dtype ""
            'dtype':'F32','shape':2,'data_offsets':[0,8]             | the shape of tensor "a" as an array
            'dtype':'F32','shape':[-2],'data_offsets':[0,8]          | an integer >= 0; got "-"
            'dtype':'F32','shape':[2.0],'data_offsets':[0,8]         | without point or exponent
            'dtype':'F32','shape':[2e0],'data_offsets':[0,8]         | without point or exponent
            'dtype':'F32','shape':[02],'data_offsets':[0,8]          | without leading zeros
            'dtype':'F32','shape':['2'],'data_offsets':[0,8]         | an integer >= 0
            'dtype':'F32','shape':[[2]],'data_offsets':[0,8]         | an integer >= 0; got "["
            'dtype':'F32','shape':[2,],'data_offsets':[0,8]          | an integer >= 0; got "]"
            'dtype':'F32','shape':[2 2],'data_offsets':[0,8]         | ',' or ']' in the shape of tensor "a"; got "2"
            'dtype':'F32','shape':[1e999999999],'data_offsets':[0,8] | without point or exponent
            'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8] | at most 18 digits
            'dtype':'F32','shape':[2147483648],'data_offsets':[0,8]  | more than 2^31-1 elements
            'dtype':'F32','shape':[65536,65536],'data_offsets':[0,8] | more than 2^31-1 elements
            'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0] | more than 2^31-1 elements
            'dtype':'F32','shape':[0,4294967296],'data_offsets':[0,0] | more than 2^31-1 elements
            'dtype':'F32','shape':[3],'data_offsets':[0,8]           | takes 12 bytes; its data_offsets [0,8] span 8
            'dtype':'F32','shape':[0],'data_offsets':[0,8]           | takes 0 bytes; its data_offsets [0,8] span 8
            'dtype':'F64','shape':[2],'data_offsets':[0,8]           | takes 16 bytes
            'dtype':'F32','shape':[2],'data_offsets':[8,0]           | span -8
            'dtype':'F32','shape':[2],'data_offsets':[0]             | 1 data_offsets
            'dtype':'F32','shape':[2],'data_offsets':[0,8,8]         | at most 2 numbers; got more
            'dtype':'F32','shape':[2],'data_offsets':[0,-8]          | an integer >= 0; got "-"
            'dtype':'F32','shape':[3],'data_offsets':[0,12]          | ends at byte 12 of the data, but the file holds 8
            'dtype':'F32','shape':[536870911],'data_offsets':[0,2147483644] | ends at byte 2147483644 of the data
            'dtype':'F32','shape':[2],'data_offsets':[999999999999999990,999999999999999998] | the file holds 8 bytes
            'dtype':'F32','shape':[1],'data_offsets':[0,4]           | the last 4 bytes belong to no tensor
            'dtype':'F32','shape':[0],'data_offsets':[0,0]           | the last 8 bytes belong to no tensor
            'dtype':'F32','shape':[1],'data_offsets':[4,8]           | bytes 0 to 4 of the data belong to no tensor
            """)
    void tensor(String description, String expected) throws IOException {
        refuses(FileBytes.of("{\"a\":{" + description.replace('\'', '"') + "}}", EIGHT), expected);
    }

    @Test
    void tensorsThatOverlapOrLeaveAHole() throws IOException {
        String insideAt0 = "tensor \"b\" begins at byte 0 of the data, inside";
        refuses(FileBytes.of(two("[2]", "[0,8]", "[2]", "[0,8]"), EIGHT), insideAt0);
        refuses(FileBytes.of(two("[1]", "[0,4]", "[2]", "[0,8]"), EIGHT), insideAt0);
        String insideAt4 = "tensor \"b\" begins at byte 4 of the data, inside";
        refuses(FileBytes.of(two("[2]", "[0,8]", "[1]", "[4,8]"), EIGHT), insideAt4);
        refuses(FileBytes.of(two("[2]", "[0,8]", "[0]", "[4,4]"), EIGHT), insideAt4);
        refuses(FileBytes.of(two("[1]", "[0,4]", "[1]", "[8,12]"), new byte[12]), "bytes 4 to 8 of the data belong to");
    }

    @Test
    void aShapeOfTooManyAxes() throws IOException {
        String ones = "1" + ",1".repeat(64);
        refuses(FileBytes.of("{\"a\":{\"dtype\":\"F64\",\"shape\":[" + ones + "],\"data_offsets\":[0,8]}}", EIGHT),
                "the shape of tensor \"a\" must have at most 64 numbers");
    }

    @Test
    void aMegabyteOfNesting() throws IOException {
        for (String open : new String[] {"[", "{\"a\":", "{\"__metadata__\":{\"a\":"}) {
            refuses(FileBytes.of(open.repeat(1 << 16), new byte[0]), "header, character ");
        }
        refuses(FileBytes.of("{\"a\":{\"dtype\":\"F32\",\"shape\":" + "[".repeat(1 << 20), new byte[0]), "got \"[\"");
    }

    @Test
    void aDoubleBeyondFloat32() throws IOException {
        byte[] huge = {0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x7e};
        refuses(FileBytes.of("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", huge),
                "tensor \"a\": element 0 is 2.7430620343968443E303, beyond the range of float32");
    }

    @Test
    void namesAreShownOnOneLineAndCut() throws IOException {
        String name = "line~nbreak ~ud83d~ude00 ~u2028 " + "x".repeat(10_000);
        refuses(FileBytes.of(("{'" + name + "':1}").replace('\'', '"').replace('~', '\\'), new byte[0]),
                "tensor \"line\\u000abreak \\ud83d\\ude00 \\u2028 xxx");
    }

    @Test
    void cutAnywhere() throws IOException {
        byte[] whole = FileBytes.of(two("[1]", "[0,4]", "[1]", "[4,8]"), EIGHT);
        for (int length = 0; length < whole.length; length++) {
            refuses(Arrays.copyOf(whole, length), ": ");
        }
        refuses(Arrays.copyOf(whole, whole.length + 1), "the last 1 bytes belong to no tensor");
        Path file = folder.resolve("whole");
        assertEquals(2, SafeTensors.read(Files.write(file, whole)).tensors().size());
    }

    private static String two(String shapeA, String offsetsA, String shapeB, String offsetsB) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":" + shapeA + ",\"data_offsets\":" + offsetsA + "},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":" + shapeB + ",\"data_offsets\":" + offsetsB + "}}";
    }

    private void refuses(byte[] bytes, String expected) throws IOException {
        refuses(Files.write(folder.resolve("hostile.safetensors"), bytes), expected);
    }

    private static void refuses(Path file, String expected) {
        String message = assertThrows(SafeTensorsException.class, () -> SafeTensors.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertTrue(message.contains(expected), message);
        assertFalse(message.contains("\n"), message);
        assertTrue(message.length() < 500, message);
        if (!expected.contains("beyond the range")) {        // the only fault that lies in the data
            assertEquals(message,
                    assertThrows(SafeTensorsException.class, () -> SafeTensors.readMetadata(file)).getMessage());
        }
    }
}
