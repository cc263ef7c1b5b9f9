package larch.opencl.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClException;
import larch.opencl.gemm.DeviceGemm;
import larch.opencl.gemm.DeviceMatrix;
import larch.opencl.gemm.GemmKernel;
import larch.opencl.gemm.GemmPath;
import larch.opencl.gemm.GemmThresholds;
import larch.opencl.gemm.OpenClGemm;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.KernelTimes;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.runtime.Prepared;

/// Times matrix kernels on one shape: [#ladder] each rung of the ladder, the direct kernel, whole and, where it may, cut along k,
/// and what the sizes choose; [#candidates] the kernels that a device must be admitted to, which come last since a driver
/// may take long over them, or fail.
///
/// A row is the median of batches of launches, from the start of the first to the end of the last. Inputs are
/// random and rotated past a cache of 60 MB; the first result is compared with sums in double precision, and wrong values have
/// no row.
///
/// Programs are built once for all shapes.
public final class GemmTable implements AutoCloseable {
    /// Inputs of one shape take at most so much of the device.
    private static final long ROTATED_BYTES = 256L << 20;
    private static final int BATCHES = 9;
    private static final double BATCH_SECONDS = 2e-3;
    private static final double ROW_SECONDS = 0.5;
    private static final int CHECKED_ROWS = 8;
    /// Operands of 8 bits give about 2⁻⁹, values in wrong places about 1.
    private static final double WRONG = 0x1p-7;

    private final OpenClRuntime opened;
    private final KernelTimes times;
    private final Map<GemmKernel, OpenClGemm> kernels = new EnumMap<>(GemmKernel.class);
    /// What products take by default; absent for candidates.
    private final Optional<OpenClGemm> chosen;

    private GemmTable(OpenClDevice device, List<GemmKernel> asked, boolean withChosen, Consumer<String> notes) {
        opened = OpenClRuntime.open(device, true);
        times = opened.launcher().times();
        try {
            chosen = withChosen ? Optional.of(new OpenClGemm(opened)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            opened.close();
            throw e;
        }
        for (GemmKernel kernel : asked) {
            try {
                OpenClGemm gemm = new OpenClGemm(opened, kernel);
                kernels.put(kernel, gemm);
                if (!gemm.admission().isEmpty()) {
                    notes.accept(gemm.admission());
                }
            } catch (IllegalArgumentException e) {
                notes.accept(kernel + ": " + e.getMessage());
            }
        }
    }

    /// @param device the device
    /// @param notes gets a line for each kernel that the device is too small for
    /// @return the table of the ladder, the direct kernel and what is chosen
    /// @throws IllegalArgumentException if the device is too small for the kernels that products take by default
    public static GemmTable ladder(OpenClDevice device, Consumer<String> notes) {
        return new GemmTable(device, GemmKernel.ladder(), true, notes);
    }

    /// @param device the device
    /// @param notes gets a line for each kernel: what the device is admitted to, or why it is not
    /// @return the table of the kernels that a device must be admitted to
    public static GemmTable candidates(OpenClDevice device, Consumer<String> notes) {
        return new GemmTable(device, GemmKernel.candidates(), false, notes);
    }

    /// @return whether there is no kernel to measure
    public boolean isEmpty() {
        return kernels.isEmpty() && chosen.isEmpty();
    }

    /// A row of the table.
    /// @param m rows of A and C
    /// @param k columns of A and rows of B
    /// @param n columns of B and C
    /// @param mode the kernel, as in `WARP`
    /// @param micros the median time of a product
    /// @param error the relative error in the Frobenius norm, over some rows
    public record Row(int m, int k, int n, String mode, double micros, double error) {
        /// @return 10¹² operations per second, `2 m n k` for a product
        public double teraflops() {
            return 2.0 * m * n * k / micros * 1e-6;
        }
    }

    private record Mode(String name, OpenClGemm gemm, GemmPath path) {}

    /// Measures one shape.
    /// @param m rows of A and C
    /// @param k columns of A and rows of B
    /// @param n columns of B and C
    /// @param rows gets each row as soon as it is there
    /// @param notes gets a line for each kernel that cannot be measured
    public void measure(int m, int k, int n, Consumer<Row> rows, Consumer<String> notes) {
        long bytes = Float.BYTES * ((long) m * k + (long) k * n + (long) m * n);
        int sets = Math.clamp(ROTATED_BYTES / bytes, 1, 16);
        float[] a = TensorCore.random(m * k, 21);
        float[] b = TensorCore.random(k * n, 22);
        List<DeviceGemm> products = new ArrayList<>();
        DeviceMemory c = opened.pool().take((long) m * n * Float.BYTES);
        for (int i = 0; i < sets; i++) {
            products.add(new DeviceGemm(m, n, k, 1, DeviceMatrix.of(opened.upload(a), k),
                    DeviceMatrix.of(opened.upload(b), n), 0, DeviceMatrix.of(c, n)));
        }
        double[][] expected = expected(a, b, m, k, n);
        for (Mode mode : modes(products.getFirst())) {
            try {
                rows.accept(row(mode, products, expected));
            } catch (OpenClException e) {
                notes.accept(m + "x" + k + "x" + n + " " + mode.name() + ": " + e.getMessage());
            }
        }
        opened.pool().giveBack(c);
        products.forEach(product -> {
            opened.pool().giveBack(product.a().memory());
            opened.pool().giveBack(product.b().memory());
        });
    }

    private List<Mode> modes(DeviceGemm product) {
        List<Mode> modes = new ArrayList<>();
        kernels.forEach((kernel, gemm) -> {
            if (gemm.allows(product, GemmPath.WHOLE_TILES)) {
                modes.add(new Mode(kernel.name(), gemm, GemmPath.WHOLE_TILES));
            }
        });
        chosen.ifPresent(gemm -> {
            modes.add(new Mode("DIRECT", gemm, GemmPath.DIRECT));
            if (gemm.allows(product, GemmPath.SPLIT)) {
                modes.add(new Mode("SPLIT", gemm, GemmPath.SPLIT));
            }
            modes.add(new Mode("chosen-" + gemm.path(product), gemm, gemm.path(product)));
        });
        return modes;
    }

    private Row row(Mode mode, List<DeviceGemm> products, double[][] expected) {
        DeviceGemm first = products.getFirst();
        int m = first.m();
        int n = first.n();
        // So that what a kernel leaves out shows.
        opened.transfers().fill(first.c().memory(), 0, (long) m * n, Float.NaN);
        List<Prepared> runs = new ArrayList<>();
        try {
            products.forEach(product -> runs.add(mode.gemm().prepare(product, mode.path())));
            runs.getFirst().run();
            double error = error(first.c().memory(), m, n, expected);
            // Written so that a NaN fails.
            if (!(error <= WRONG)) {
                throw new OpenClException("wrong values: the relative error must be at most " + WRONG + ", got " + error);
            }
            return new Row(m, first.k(), n, mode.name().toLowerCase(Locale.ROOT), medianSeconds(runs) * 1e6, error);
        } finally {
            runs.forEach(Prepared::close);
        }
    }

    private double medianSeconds(List<Prepared> runs) {
        times.reset();
        runs.getFirst().run();
        double once = seconds();
        int launches = (int) Math.clamp(BATCH_SECONDS / once, 1, 200);
        int batches = (int) Math.clamp(ROW_SECONDS / (launches * once), 1, BATCHES);
        double[] seconds = new double[batches];
        int next = 0;
        for (int batch = 0; batch < batches; batch++) {
            for (int i = 0; i < launches; i++) {
                runs.get(next++ % runs.size()).run();
            }
            seconds[batch] = seconds() / launches;
        }
        Arrays.sort(seconds);
        return seconds[batches / 2];
    }

    /// Waits for everything launched since the last call.
    private double seconds() {
        double seconds = times.spanNanos() / 1e9;
        times.reset();
        return seconds;
    }

    private static int checkedRow(int index, int m) {
        return (int) ((long) index * (m - 1) / (CHECKED_ROWS - 1));
    }

    private static double[][] expected(float[] a, float[] b, int m, int k, int n) {
        double[][] expected = new double[CHECKED_ROWS][n];
        for (int r = 0; r < CHECKED_ROWS; r++) {
            int row = checkedRow(r, m);
            for (int p = 0; p < k; p++) {
                double factor = a[row * k + p];
                for (int j = 0; j < n; j++) {
                    expected[r][j] += factor * b[p * n + j];
                }
            }
        }
        return expected;
    }

    private double error(DeviceMemory c, int m, int n, double[][] expected) {
        double wrong = 0;
        double all = 0;
        for (int r = 0; r < CHECKED_ROWS; r++) {
            float[] row = opened.download(c, (long) checkedRow(r, m) * n, n);
            for (int j = 0; j < n; j++) {
                wrong += (row[j] - expected[r][j]) * (row[j] - expected[r][j]);
                all += expected[r][j] * expected[r][j];
            }
        }
        return Math.sqrt(wrong / all);
    }

    /// Releases everything.
    @Override
    public void close() {
        opened.close();
    }
}
