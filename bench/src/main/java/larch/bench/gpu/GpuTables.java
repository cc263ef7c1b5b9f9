package larch.bench.gpu;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

    /// @param arguments a file of shapes (a header, then lines `M,K,N`) and the file to write
    /// @throws IOException if one cannot be read or the other written
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("GpuTables: expected a file of shapes and one to write, got "
                    + List.of(arguments));
        }
        OpenClDevices devices = OpenClDevices.discover();
        if (devices.all().isEmpty()) {
            System.out.println("not applicable: no OpenCL device: " + devices.listing().detail());
            return;
        }
        OpenClDevice device = devices.at(0);
        System.out.println(device);
        boolean gpu = device.info().type() == DeviceInfo.Type.GPU;
        // Each row is flushed: the time may end before the table does.
        try (var table = new GemmTable(device, System.out::println);
                var csv = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[1])), true)) {
            csv.println("M,K,N,mode,us,tflops,relerr");
            for (String line : Files.readAllLines(Path.of(arguments[0])).stream().skip(1).toList()) {
                int[] shape = Arrays.stream(line.strip().split(",")).mapToInt(Integer::parseInt).toArray();
                if (gpu || (long) shape[0] * shape[1] * shape[2] <= SMALL) {
                    table.measure(shape[0], shape[1], shape[2], row -> csv.println(text(row)), System.out::println);
                } else {
                    System.out.println(line + ": left out, the device is no GPU");
                }
            }
        }
    }

    private static String text(GemmTable.Row row) {
        return String.format(Locale.ROOT, "%d,%d,%d,%s,%.2f,%.3f,%.2e", row.m(), row.k(), row.n(), row.mode(),
                row.micros(), row.teraflops(), row.error());
    }
}
