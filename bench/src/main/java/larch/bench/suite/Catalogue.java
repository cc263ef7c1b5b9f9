package larch.bench.suite;

import java.util.ArrayList;
import java.util.List;
import larch.bench.workload.AdamBenchmark;
import larch.bench.workload.AttackBenchmark;
import larch.bench.workload.ElementwiseBenchmark;
import larch.bench.workload.EpochBenchmark;
import larch.bench.workload.EvaluationBenchmark;
import larch.bench.workload.GemmBenchmark;
import larch.bench.workload.RandomBenchmark;
import larch.bench.workload.RowsBenchmark;
import larch.bench.workload.SoftmaxBenchmark;
import larch.bench.workload.TrainingBenchmark;
import larch.bench.workload.Work;
import larch.fncf.bench.BenchmarkSuite.Subject;

/// Which rows there are (`bench/README.md`), and which of them are the headlines of `--quick`.
final class Catalogue {
    private static final Effort KERNEL = new Effort(3, 2, 400, 5, 300);
    private static final Effort STEP = new Effort(3, 3, 700, 5, 500);
    private static final Effort LONG = new Effort(3, 1, 1, 3, 1);
    private static final Effort VERY_LONG = new Effort(2, 0, 1, 1, 1);
    private static final Effort QUICK_KERNEL = new Effort(1, 3, 350, 5, 80);
    private static final Effort QUICK_STEP = new Effort(1, 3, 1_000, 5, 120);
    private static final Effort QUICK_LONG = new Effort(1, 3, 1, 3, 1);
    private static final Effort QUICK_ATTACK = new Effort(1, 2, 1_500, 3, 1);

    private static final int[] BATCHES = {128, 256, 1024};
    private static final int[] CUBES = {16, 32, 64, 128, 256, 512, 1024, 2048, 4096};
    private static final int FIRST_CUBE_ON_ALL_CORES = 512;
    private static final int[] ODD = {1, 2, 3, 5, 7, 8, 13, 17, 31, 33, 48, 63, 65, 67};
    private static final String[] SKINNY = {"1x67x67", "67x1x67", "67x67x1", "5x67x31", "67x3x17", "1024x1x64", "1x1024x64"};

    private final boolean isQuick;
    private final int processors;
    private final List<Workload> rows = new ArrayList<>();

    private Catalogue(boolean isQuick, int processors) {
        this.isQuick = isQuick;
        this.processors = processors;
    }

    /// @param subject    what is measured
    /// @param isQuick    whether only the headlines
    /// @param processors of the machine
    /// @return the rows, in the order of the report; with one processor the rows for all are those for one
    static List<Workload> of(Subject subject, boolean isQuick, int processors) {
        Catalogue catalogue = new Catalogue(isQuick, processors);
        switch (subject) {
            case GEMM -> catalogue.gemm();
            case KERNELS -> catalogue.kernels();
            case STEP -> catalogue.steps();
            case EVALUATION -> catalogue.evaluation();
            case ATTACK -> catalogue.attack();
            case ALL -> {
                catalogue.gemm();
                if (!isQuick) {
                    catalogue.kernels();
                }
                catalogue.steps();
                catalogue.evaluation();
                catalogue.attack();
            }
        }
        return catalogue.rows.stream().distinct().toList();
    }

    private void gemm() {
        if (isQuick) {
            gemm("sgemm-nn", "128x128x256", 1);
            gemm("sgemm-nt", "128x256x128", 1);
            gemm("sgemm-tn", "256x128x128", 1);
            gemm("sgemm-nn", "1024x1024x1024", 1);
            gemm("sgemm-nn", "1024x1024x1024", processors);
            return;
        }
        for (int batch : BATCHES) {
            layer(batch, 256, 128);
            layer(batch, 128, 64);
        }
        for (int n : CUBES) {
            gemm("sgemm-nn", n + "x" + n + "x" + n, 1);
            if (n >= FIRST_CUBE_ON_ALL_CORES) {
                gemm("sgemm-nn", n + "x" + n + "x" + n, processors);
            }
        }
        gemm("sgemm-nt", "1024x1024x1024", 1);
        gemm("sgemm-tn", "1024x1024x1024", 1);
        gemm("sgemm-tt", "1024x1024x1024", 1);
        for (int n : ODD) {
            gemm("sgemm-nn", n + "x" + n + "x" + n, 1);
        }
        for (String shape : SKINNY) {
            gemm("sgemm-nn", shape, 1);
        }
    }

    /// The three products of a dense layer: its value, the gradient of its input and that of its weights.
    private void layer(int batch, int in, int out) {
        gemm("sgemm-nn", batch + "x" + out + "x" + in, 1);
        gemm("sgemm-nt", batch + "x" + in + "x" + out, 1);
        gemm("sgemm-tn", in + "x" + out + "x" + batch, 1);
    }

    private void gemm(String name, String shape, int threads) {
        kernel(GemmBenchmark.class, name, shape, threads, GemmBenchmark.work(shape));
    }

    private void kernels() {
        if (isQuick) {
            elementwise("elementwise-chain", "1024x128", 1);
            softmax("8192x128");
            rows(RowsBenchmark.GATHER, "table=6040x64,rows=128");
            random(RandomBenchmark.NORMAL);
            adam(AdamBenchmark.ROWS, "table=6040x64,rows=128");
            return;
        }
        for (String name : List.of("elementwise-add", "elementwise-bias-relu", "elementwise-sigmoid", "elementwise-chain")) {
            elementwise(name, "128x128", 1);
            elementwise(name, "1024x128", 1);
            elementwise(name, "8192x1024", 1);
            elementwise(name, "8192x1024", processors);
        }
        softmax("128x128");
        softmax("8192x128");
        for (String name : List.of(RowsBenchmark.GATHER, RowsBenchmark.SCATTER_ADD)) {
            rows(name, "table=6040x64,rows=128");
            rows(name, "table=6040x64,rows=8192");
        }
        random(RandomBenchmark.UNIFORM);
        random(RandomBenchmark.NORMAL);
        adam(AdamBenchmark.DENSE, "n=1048576");
        adam(AdamBenchmark.ROWS, "table=6040x64,rows=128");
    }

    private void elementwise(String name, String shape, int threads) {
        kernel(ElementwiseBenchmark.class, name, shape, threads, ElementwiseBenchmark.work(name, shape));
    }

    private void softmax(String shape) {
        kernel(SoftmaxBenchmark.class, SoftmaxBenchmark.NAME, shape, 1, SoftmaxBenchmark.work(shape));
    }

    private void rows(String name, String shape) {
        kernel(RowsBenchmark.class, name, shape, 1, RowsBenchmark.work(name, shape));
    }

    private void random(String name) {
        kernel(RandomBenchmark.class, name, "n=1048576", 1, RandomBenchmark.work("n=1048576"));
    }

    private void adam(String name, String shape) {
        kernel(AdamBenchmark.class, name, shape, 1, AdamBenchmark.work(name, shape));
    }

    private void kernel(Class<?> benchmark, String name, String shape, int threads, Work work) {
        rows.add(new Workload(benchmark, name, shape, threads, work, isQuick ? QUICK_KERNEL : KERNEL));
    }

    private void steps() {
        step(TrainingBenchmark.TEACHER, 128, 1);
        step(TrainingBenchmark.TEACHER, 128, processors);
        if (isQuick) {
            step(TrainingBenchmark.TEACHER, 8192, processors);
            step(TrainingBenchmark.KD, 128, processors);
            return;
        }
        for (int batch : new int[] {256, 512, 1024, 2048, 4096, 8192}) {
            step(TrainingBenchmark.TEACHER, batch, 1);
            step(TrainingBenchmark.TEACHER, batch, processors);
        }
        for (String name : List.of(TrainingBenchmark.HINT, TrainingBenchmark.KD)) {
            step(name, 128, 1);
            for (int batch : new int[] {128, 1024, 8192}) {
                step(name, batch, processors);
            }
        }
        epoch(EpochBenchmark.SAMPLING, "ml-1m", LONG);
        epoch(EpochBenchmark.EPOCH, "ml-1m,batch=128", VERY_LONG);
    }

    private void step(String name, int batch, int threads) {
        String shape = "batch=" + batch;
        rows.add(new Workload(TrainingBenchmark.class, name, shape, threads, TrainingBenchmark.work(name, shape),
                isQuick ? QUICK_STEP : STEP));
    }

    private void epoch(String name, String shape, Effort effort) {
        rows.add(new Workload(EpochBenchmark.class, name, shape, processors, EpochBenchmark.work(name, shape), effort));
    }

    private void evaluation() {
        evaluation(EvaluationBenchmark.CANDIDATES, EvaluationBenchmark.CANDIDATES_SHAPE);
        if (!isQuick) {
            evaluation(EvaluationBenchmark.ALL_ITEMS, EvaluationBenchmark.ALL_ITEMS_SHAPE);
        }
    }

    private void evaluation(String name, String shape) {
        rows.add(new Workload(EvaluationBenchmark.class, name, shape, processors, EvaluationBenchmark.work(name),
                isQuick ? QUICK_LONG : LONG));
    }

    private void attack() {
        String shape = isQuick ? "pairs=1000,steps=1,iterations=100" : "pairs=1000,steps=9,iterations=1000";
        rows.add(new Workload(AttackBenchmark.class, AttackBenchmark.NAME, shape, processors, AttackBenchmark.work(shape),
                isQuick ? QUICK_ATTACK : VERY_LONG));
    }
}
