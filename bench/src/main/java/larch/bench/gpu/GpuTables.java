package larch.bench.gpu;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import larch.device.DeviceInfo;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClDevices;
import larch.opencl.probe.GemmTable;

/// Times Larch's matrix kernels on the preferred OpenCL device, as CSV with the columns of
/// `bench/gpu/compare.py`, which sets them beside the vendor's.
public final class GpuTables {
    /// Multiply-adds up to which a device that is no GPU is asked: larger products would take minutes.
    private static final long SMALL = 1L << 25;

    private GpuTables() {}

    /// @param arguments `ladder` or `candidates`, as [GemmTable] has them; a file of shapes (a header, then lines `M,K,N`); the
    ///     file to add rows to, which gets a header if it is new
    /// @throws IOException if one cannot be read or the other written
    public static void main(String[] arguments) throws IOException {
        run(arguments, System.out::println);
    }

    /// @param notes gets what is not a row
    static void run(String[] arguments, Consumer<String> notes) throws IOException {
        if (arguments.length != 3 || !List.of("ladder", "candidates").contains(arguments[0])) {
            throw new IllegalArgumentException("GpuTables: expected ladder or candidates, a file of shapes and one to add to, "
                    + "got " + List.of(arguments));
        }
        OpenClDevices devices = OpenClDevices.discover();
        if (devices.all().isEmpty()) {
            notes.accept("not applicable: no OpenCL device: " + devices.listing().detail());
            return;
        }
        OpenClDevice device = devices.at(0);
        notes.accept(device.toString());
        boolean gpu = device.info().type() == DeviceInfo.Type.GPU;
        Path file = Path.of(arguments[2]);
        boolean isNew = !Files.exists(file);
        // Each row is flushed: the time may end before the table does.
        try (var table = arguments[0].equals("ladder") ? GemmTable.ladder(device, notes)
                : GemmTable.candidates(device, notes);
                var csv = new PrintWriter(Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        true)) {
            if (isNew) {
                csv.println("M,K,N,mode,us,tflops,relerr");
            }
            List<String> shapes = Files.readAllLines(Path.of(arguments[1])).stream().skip(1).toList();
            for (String line : table.isEmpty() ? List.<String>of() : shapes) {
                int[] shape = Arrays.stream(line.strip().split(",")).mapToInt(Integer::parseInt).toArray();
                if (gpu || (long) shape[0] * shape[1] * shape[2] <= SMALL) {
                    table.measure(shape[0], shape[1], shape[2], row -> csv.println(text(row)), notes);
                } else {
                    notes.accept(line + ": left out, the device is no GPU");
                }
            }
        }
    }

    private static String text(GemmTable.Row row) {
        return String.format(Locale.ROOT, "%d,%d,%d,%s,%.2f,%.3f,%.2e", row.m(), row.k(), row.n(), row.mode(),
                row.micros(), row.teraflops(), row.error());
    }
}
