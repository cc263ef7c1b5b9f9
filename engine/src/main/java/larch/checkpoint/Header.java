package larch.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// The header of a safetensors file: what tensors there are and which bytes of the data each one owns.
///
/// ```json
/// {"__metadata__": {"k": "v"}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
/// ```
///
/// Valid means: the ranges `[begin, end)` follow each other from byte 0 to the end of the file with neither
/// holes nor overlaps, and each is as long as its shape and type say.
///
/// @param tensors  in the order of the header
/// @param metadata sorted by key
record Header(List<Entry> tensors, Map<String, String> metadata) {
    /// The key under which the metadata stand among the tensors.
    static final String METADATA = "__metadata__";

    /// The reference implementation's limit, which keeps a hostile file from costing more.
    static final int MAX_BYTES = 100_000_000;

    private static final int MAX_RANK = 64;

    /// One tensor.
    /// @param begin its first byte, counted from the end of the header
    /// @param end   one past its last byte
    record Entry(String name, DType dtype, Shape shape, long begin, long end) {
        String shown() {
            return "tensor " + HeaderJson.shown(name);
        }
    }

    /// @param file      for messages
    /// @param text      the header
    /// @param dataBytes how many bytes follow it in the file
    static Header parse(Path file, String text, long dataBytes) throws SafeTensorsException {
        HeaderJson json = new HeaderJson(file, text);
        List<Entry> tensors = new ArrayList<>();
        Map<String, String> metadata = new TreeMap<>();
        json.object("the header", name -> {
            if (name.equals(METADATA)) {
                json.object(METADATA, key -> metadata.put(key,
                        json.string("the metadata value of " + HeaderJson.shown(key) + " as a string")));
            } else {
                tensors.add(entry(json, name));
            }
        });
        json.end();
        checkLayout(file, tensors, dataBytes);
        return new Header(List.copyOf(tensors), metadata);
    }

    private static Entry entry(HeaderJson json, String name) throws SafeTensorsException {
        String shown = "tensor " + HeaderJson.shown(name);
        var found = new Object() {
            DType dtype;
            Shape shape;
            long[] offsets = {};
        };
        json.object(shown, key -> {
            switch (key) {
                case "dtype" -> found.dtype = dtype(json, shown);
                case "shape" -> found.shape = shape(json, shown);
                case "data_offsets" -> found.offsets = json.integers("data_offsets of " + shown, 2);
                default -> throw json.error(shown + " must have the keys dtype, shape and data_offsets; got "
                        + HeaderJson.shown(key));
            }
        });
        if (found.dtype == null || found.shape == null || found.offsets.length != 2) {
            throw json.error(shown + " must have dtype, shape and data_offsets [begin,end]; it has "
                    + (found.dtype == null ? "no dtype" : found.shape == null ? "no shape"
                            : found.offsets.length + " data_offsets"));
        }
        long begin = found.offsets[0];
        long end = found.offsets[1];
        long bytes = (long) found.shape.size() * found.dtype.bytes();
        if (end - begin != bytes) {
            throw json.error(shown + " of shape " + found.shape + " and dtype " + found.dtype + " takes " + bytes
                    + " bytes; its data_offsets [" + begin + "," + end + "] span " + (end - begin));
        }
        return new Entry(name, found.dtype, found.shape, begin, end);
    }

    private static DType dtype(HeaderJson json, String shown) throws SafeTensorsException {
        String name = json.string("the dtype of " + shown + " as a string");
        DType dtype = DType.named(name);
        if (dtype == null) {
            throw json.error(shown + " has dtype " + HeaderJson.shown(name)
                    + "; Larch reads F32, F64, F16 and BF16: convert it before saving");
        }
        return dtype;
    }

    private static Shape shape(HeaderJson json, String shown) throws SafeTensorsException {
        long[] extents = json.integers("the shape of " + shown, MAX_RANK);
        long size = 1;
        for (long extent : extents) {
            // neither factor is larger than an int, so the product cannot overflow a long
            if (extent > Integer.MAX_VALUE || (size *= extent) > Integer.MAX_VALUE) {
                throw json.error(shown + " of shape " + Arrays.toString(extents)
                        + " has more than 2^31-1 elements along an axis or in all, the most that a Java array holds");
            }
        }
        return Shape.of(Arrays.stream(extents).mapToInt(Math::toIntExact).toArray());
    }

    private static void checkLayout(Path file, List<Entry> tensors, long dataBytes) throws SafeTensorsException {
        List<Entry> inFile = new ArrayList<>(tensors);
        inFile.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : inFile) {
            if (entry.end() > dataBytes) {
                throw new SafeTensorsException(file, entry.shown() + " ends at byte " + entry.end()
                        + " of the data, but the file holds " + dataBytes + " bytes of data: it was cut short");
            }
            if (entry.begin() < at) {
                throw new SafeTensorsException(file, entry.shown() + " begins at byte " + entry.begin()
                        + " of the data, inside the tensor before it, which ends at " + at);
            }
            if (entry.begin() > at) {
                throw new SafeTensorsException(file, "bytes " + at + " to " + entry.begin()
                        + " of the data belong to no tensor; " + entry.shown()
                        + " should begin where the one before ends");
            }
            at = entry.end();
        }
        if (at != dataBytes) {
            throw new SafeTensorsException(file, "the last " + (dataBytes - at) + " bytes belong to no tensor:"
                    + " the header describes " + at + " bytes of data, the file holds " + dataBytes);
        }
    }

    /// The header of a file that holds `checkpoint`, one tensor after another.
    static String format(Checkpoint checkpoint) {
        StringBuilder json = new StringBuilder("{");
        if (!checkpoint.metadata().isEmpty()) {
            HeaderJson.quote(json, METADATA);
            String separator = ":{";
            for (Map.Entry<String, String> entry : checkpoint.metadata().entrySet()) {
                HeaderJson.quote(json.append(separator), entry.getKey());
                HeaderJson.quote(json.append(':'), entry.getValue());
                separator = ",";
            }
            json.append('}');
        }
        long begin = 0;
        for (Map.Entry<String, Tensor> entry : checkpoint.tensors().entrySet()) {
            long end = begin + (long) entry.getValue().size() * DType.F32.bytes();
            HeaderJson.quote(json.append(json.length() > 1 ? "," : ""), entry.getKey());
            json.append(":{\"dtype\":\"F32\",\"shape\":").append(entry.getValue().shape())
                    .append(",\"data_offsets\":[").append(begin).append(',').append(end).append("]}");
            begin = end;
        }
        return json.append('}').toString();
    }
}
