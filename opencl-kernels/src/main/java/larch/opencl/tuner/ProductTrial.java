package larch.opencl.tuner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.gemm.Gemm;
import larch.opencl.OpenClException;
import larch.opencl.gemm.DeviceGemm;
import larch.opencl.gemm.DeviceMatrix;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.OpenClGemm;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.runtime.Prepared;
import larch.tuner.GemmShape;
import larch.tuner.Trial;
import larch.tuner.ValueCheck;

/// Checks and times choices of kernels on the products of one stage.
///
/// A speed is the geometric mean over the products of their share of the device's FMA peak. A product's time is that of the
/// host from the first of many runs to the end of the last, copies and gaps included, prepared before; the shortest of a few
/// batches: what is longer was disturbed.
class ProductTrial implements Trial {
    private static final int BATCHES = 3;
    private static final double BATCH_NANOS = 1e7;
    private static final int MOST_IN_A_BATCH = 1_000;

    private final OpenClRuntime opened;
    private final ProductStage stage;
    private final Map<String, GemmChoice> choices;
    private final double peakGflops;
    private final List<Placed> products = new ArrayList<>();
    private final Map<String, OpenClGemm> ready = new HashMap<>();

    /// A product on the heap, and the same on the device.
    private record Placed(GemmShape shape, Gemm host, DeviceGemm device, DeviceMemory c, List<DeviceMemory> all) {
    }

    /// @param opened     the opened device
    /// @param stage      what is measured
    /// @param choices    the candidates by name
    /// @param peakGflops the device's FMA peak
    ProductTrial(OpenClRuntime opened, ProductStage stage, Map<String, GemmChoice> choices, double peakGflops) {
        this.opened = opened;
        this.stage = stage;
        this.choices = choices;
        this.peakGflops = peakGflops;
        stage.shapes().forEach(shape -> products.add(place(shape)));
    }

    private Placed place(GemmShape shape) {
        Gemm host = shape.product();
        DeviceMemory a = opened.upload(host.a().array());
        DeviceMemory b = opened.upload(host.b().array());
        DeviceMemory c = opened.upload(host.c().array());
        DeviceGemm device = new DeviceGemm(host.m(), host.n(), host.k(), 1,
                new DeviceMatrix(a, 0, host.aRowStride(), host.aColStride()),
                new DeviceMatrix(b, 0, host.bRowStride(), host.bColStride()), 0, DeviceMatrix.of(c, host.n()));
        return new Placed(shape, host, device, c, List.of(a, b, c));
    }

    @Override
    public String refusal(String candidate) {
        try {
            OpenClGemm gemm = new OpenClGemm(opened, choices.get(candidate));
            for (Placed product : products) {
                float[] c = product.host().c().array();
                Arrays.fill(c, Float.NaN);
                opened.transfers().write(c, 0, product.c(), 0, c.length);
                try (Prepared run = prepare(gemm, product.device())) {
                    run.run();
                }
                opened.transfers().read(product.c(), 0, c, 0, c.length);
                String error = ValueCheck.firstError(product.host());
                if (error != null) {
                    return product.shape() + ": wrong values: " + error;
                }
            }
            ready.put(candidate, gemm);
            return null;
        } catch (IllegalArgumentException refused) {
            return firstLine(refused);
        } catch (OpenClException refused) {
            requireAlive();
            return firstLine(refused);
        }
    }

    private static String firstLine(RuntimeException refused) {
        return refused.getMessage().lines().findFirst().orElseThrow();
    }

    /// A device that was lost refuses everything; that is no candidate's fault, and no file shall say so.
    private void requireAlive() {
        DeviceMemory memory = opened.upload(1);
        opened.download(memory, 0, 1);
        opened.pool().giveBack(memory);
    }

    /// @param gemm    the products of a candidate
    /// @param product one of the stage
    /// @return the product on its path
    Prepared prepare(OpenClGemm gemm, DeviceGemm product) {
        return gemm.prepare(product, stage.route().path(gemm, product));
    }

    @Override
    public Map<String, Double> speeds(List<String> candidates, int round) {
        Map<String, Double> logs = new LinkedHashMap<>();
        for (Placed product : products) {
            for (int i = 0; i < candidates.size(); i++) {
                // Every round begins with another candidate, so that none always follows the same one.
                String name = candidates.get((i + round) % candidates.size());
                double share = product.shape().flops() / bestNanos(ready.get(name), product) / peakGflops;
                logs.merge(name, Math.log(share) / products.size(), Double::sum);
            }
        }
        Map<String, Double> speeds = new LinkedHashMap<>();
        logs.forEach((name, log) -> speeds.put(name, Math.exp(log)));
        return speeds;
    }

    private double bestNanos(OpenClGemm gemm, Placed product) {
        try (Prepared run = prepare(gemm, product.device())) {
            double best = nanos(run, 1);
            int repeats = (int) Math.clamp(BATCH_NANOS / best, 1, MOST_IN_A_BATCH);
            for (int batch = 0; batch < BATCHES; batch++) {
                best = Math.min(best, nanos(run, repeats));
            }
            return best;
        }
    }

    private double nanos(Prepared run, int repeats) {
        long start = System.nanoTime();
        for (int i = 0; i < repeats; i++) {
            run.run();
        }
        opened.context().finish();
        return (double) (System.nanoTime() - start) / repeats;
    }

    @Override
    public void forget(String candidate) {
        ready.remove(candidate);
    }

    @Override
    public void close() {
        products.forEach(product -> product.all().forEach(opened.pool()::giveBack));
    }
}
