package larch.tuner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmDriver;
import larch.gemm.MicroKernels;
import larch.gemm.Microtile;
import larch.gemm.Update;
import larch.parallel.ThreadTeam;

/// Checks and times blockings on the products of one stage.
///
/// A speed is the geometric mean over the products of their share of one core's FMA peak in the same round. The time of a
/// product is the shortest of a few batches: what is longer was disturbed.
final class GemmTrial implements Trial {
    private static final int BATCHES = 5;
    private static final double BATCH_NANOS = 1e6;
    private static final long LOOP_WARMUP_NANOS = 5_000_000;

    private final Map<String, GemmBlocking> blockings;
    private final MicroKernels kernels;
    private final Duration patience;
    private final ThreadTeam team;
    private final DoubleSupplier peakGflops;
    private final Map<GemmShape, Gemm> products = new LinkedHashMap<>();
    private final Map<String, GemmDriver> drivers = new HashMap<>();

    /// @param stage      what is measured
    /// @param blockings  the candidates by name
    /// @param kernels    where microkernels come from
    /// @param patience   how long a kernel may stay slow before its candidate is refused
    /// @param peakGflops one core's FMA peak at the moment
    GemmTrial(GemmStage stage, Map<String, GemmBlocking> blockings, MicroKernels kernels, Duration patience,
              DoubleSupplier peakGflops) {
        this.blockings = blockings;
        this.kernels = kernels;
        this.patience = patience;
        this.peakGflops = peakGflops;
        team = ThreadTeam.of(stage.threads());
        stage.shapes().forEach(shape -> products.put(shape, shape.product()));
    }

    @Override
    public String refusal(String candidate) {
        GemmBlocking blocking = blockings.get(candidate);
        for (Update update : Update.values()) {
            if (!kernels.fits(new Microtile(blocking.mr(), blocking.vectors(), blocking.kUnroll(), update,
                    Epilogue.NONE.form()))) {
                return "the kernel is too long for the JVM's compilers";
            }
        }
        List<String> slow = Collections.synchronizedList(new ArrayList<>());
        GemmDriver driver = new GemmDriver(team, kernels, blocking, patience, slow::add);
        for (Map.Entry<GemmShape, Gemm> product : products.entrySet()) {
            driver.run(product.getValue());
            while (!driver.isWarm()) {
                LockSupport.parkNanos(200_000);
            }
            if (!slow.isEmpty()) {
                return "the " + slow.getFirst() + " is still slow after " + patience.toMillis() + " ms";
            }
            driver.run(product.getValue());
            String error = ValueCheck.firstError(product.getValue());
            if (error != null) {
                return product.getKey() + ": wrong values: " + error;
            }
        }
        drivers.put(candidate, driver);
        for (long start = System.nanoTime(); System.nanoTime() - start < LOOP_WARMUP_NANOS; ) {
            products.values().forEach(driver::run);
        }
        return null;
    }

    @Override
    public Map<String, Double> speeds(List<String> candidates, int round) {
        double peak = peakGflops.getAsDouble();
        Map<String, Double> logs = new LinkedHashMap<>();
        for (Map.Entry<GemmShape, Gemm> product : products.entrySet()) {
            for (int i = 0; i < candidates.size(); i++) {
                // Every round begins with another candidate, so that none always follows the same one.
                String name = candidates.get((i + round) % candidates.size());
                double nanos = bestNanos(drivers.get(name), product.getValue());
                double share = product.getKey().flops() / nanos / peak;
                logs.merge(name, Math.log(share) / products.size(), Double::sum);
            }
        }
        Map<String, Double> speeds = new LinkedHashMap<>();
        logs.forEach((name, log) -> speeds.put(name, Math.exp(log)));
        return speeds;
    }

    private static double bestNanos(GemmDriver driver, Gemm product) {
        double best = nanos(driver, product, 1);
        int repeats = (int) Math.clamp(BATCH_NANOS / best, 1, 10_000);
        for (int batch = 0; batch < BATCHES; batch++) {
            best = Math.min(best, nanos(driver, product, repeats));
        }
        return best;
    }

    private static double nanos(GemmDriver driver, Gemm product, int repeats) {
        long start = System.nanoTime();
        for (int i = 0; i < repeats; i++) {
            driver.run(product);
        }
        return (double) (System.nanoTime() - start) / repeats;
    }

    @Override
    public void forget(String candidate) {
        drivers.remove(candidate);
    }

    @Override
    public void close() {
        team.close();
    }
}
