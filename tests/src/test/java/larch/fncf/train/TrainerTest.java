package larch.fncf.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import larch.autodiff.Parameter;
import larch.backend.Backend;
import larch.fncf.Fixtures;
import larch.fncf.eval.Evaluator;
import larch.fncf.model.Fncf;
import larch.fncf.model.Layer;
import larch.optim.Adam;
import larch.random.Rng;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final TrainConfig FAST = TrainConfig.PAPER.withBatchSize(1024).withSigma(0.05f)
            .withAdam(Adam.Settings.DEFAULT.withLearningRate(0.01f));

    private static TrainedModel train(Backend backend, TrainConfig config, Method method, Fncf teacher, long seed) {
        return new Trainer(backend, config, Fixtures.SPLIT, Fixtures.VALIDATION, TrainListener.SILENT)
                .train(method, Fixtures.sizes(8), Fixtures.FEATURES, teacher, seed);
    }

    private static void assertSameBits(Fncf a, Fncf b) {
        for (int i = 0; i < a.parameters().size(); i++) {
            assertArrayEquals(a.parameters().get(i).value().toArray(), b.parameters().get(i).value().toArray(), 0,
                    a.parameters().get(i).name());
        }
    }

    @Test
    void sameSeedSameBitsForAnyNumberOfThreads() {
        Method multi = Method.MULTI.scaled(0.01);
        try (Backend one = Fixtures.simd(1); Backend three = Fixtures.simd(3)) {
            Fncf teacher = train(one, FAST, Method.FNCF.scaled(0.01), null, 7).model();
            assertSameBits(teacher, train(three, FAST, Method.FNCF.scaled(0.01), null, 7).model());
            Fncf student = train(one, FAST, multi, teacher, 7).model();
            assertSameBits(student, train(three, FAST, multi, teacher, 7).model());
            Fncf other = train(one, FAST, multi, teacher, 8).model();
            assertFalse(Arrays.equals(student.parameters().getFirst().value().toArray(),
                    other.parameters().getFirst().value().toArray()), "another seed, another model");
        }
    }

    @Test
    void learnsMoreThanPopularity() {
        try (Backend backend = Fixtures.simd(2)) {
            TrainedModel trained = train(backend, FAST, Method.FNCF.withStages(List.of(new Stage.HardLabels(10, 5))), null, 1);
            double hit = new Evaluator(backend).amongCandidates(trained.model(), Fixtures.TEST).hitRatio();
            double popularity = popularityHitRatio();
            assertTrue(hit > popularity + 0.1, "FNCF " + hit + ", popularity " + popularity);
            List<EpochLog> log = trained.log();
            assertEquals(5, log.size());
            assertTrue(log.getLast().loss() < log.getFirst().loss());
            assertTrue(trained.optimizerSteps() == 5L * ((Fixtures.SPLIT.trainSize() * 5 + 1023) / 1024));
        }
    }

    private static double popularityHitRatio() {
        int hits = 0;
        int[] popularity = Fixtures.SPLIT.trainPopularity();
        for (int user = 0; user < Fixtures.TEST.numUsers(); user++) {
            int own = popularity[Fixtures.TEST.positive(user)];
            long above = Arrays.stream(Fixtures.TEST.negatives(user)).filter(i -> popularity[i] >= own).count();
            hits += above < 10 ? 1 : 0;
        }
        return (double) hits / Fixtures.TEST.numUsers();
    }

    @Test
    void hintStageLeavesTheLayersAboveAlone() {
        try (Backend backend = Fixtures.simd(1)) {
            Fncf teacher = train(backend, FAST, Method.FNCF.scaled(0.01), null, 1).model();
            Method hintOnly = Method.SINGLE.withStages(List.of(new Stage.Hint(Layer.HIDDEN1, 1)));
            Fncf hinted = train(backend, FAST, hintOnly, teacher, 1).model();
            Fncf fresh = new Fncf(hinted.config(), Fixtures.FEATURES, Rng.of(1).stream("FNCF-Single"));
            List<String> changed = new ArrayList<>();
            for (int i = 0; i < fresh.parameters().size(); i++) {
                Parameter before = fresh.parameters().get(i);
                if (!Arrays.equals(before.value().toArray(), hinted.parameters().get(i).value().toArray())) {
                    changed.add(before.name());
                }
            }
            List<String> expected = fresh.parametersUpTo(Layer.HIDDEN1).stream().map(Parameter::name).toList();
            assertEquals(expected, changed);
        }
    }

    @Test
    void keepsTheBestValidatedEpoch() {
        // A learning rate this large makes late epochs worse than early ones.
        TrainConfig wild = FAST.withAdam(Adam.Settings.DEFAULT.withLearningRate(0.05f)).withSelect(TrainConfig.Select.VALIDATION);
        try (Backend backend = Fixtures.simd(2)) {
            TrainedModel trained = train(backend, wild, Method.FNCF.withStages(List.of(new Stage.HardLabels(1, 6))), null, 3);
            double best = trained.log().stream().mapToDouble(EpochLog::validationHit).max().orElseThrow();
            double kept = new Evaluator(backend).amongCandidates(trained.model(), Fixtures.VALIDATION).hitRatio();
            assertEquals(best, kept, 0);
        }
    }

    @Test
    void stopsWhenTheLossIsNoNumber() {
        TrainConfig hopeless = FAST.withAdam(Adam.Settings.DEFAULT.withLearningRate(1e30f));
        try (Backend backend = Fixtures.simd(1)) {
            var error = assertThrows(TrainingException.class, () -> train(backend, hopeless, Method.FNCF_T1.scaled(0.05), null, 1));
            assertTrue(error.getMessage().startsWith("FNCF-T1: the loss is "), error.getMessage());
            assertTrue(error.getMessage().endsWith(" steps of stage 'labels T=1.0', epoch 1; try a smaller learning rate than"
                    + " 1.0E30"), error.getMessage());
        }
    }

    @Test
    void methodsAreFoundByName() {
        assertEquals(Method.MULTI, Method.named("multi"));
        assertEquals(Method.FNCF, Method.named("fncf"));
        var error = assertThrows(IllegalArgumentException.class, () -> Method.named("mutli"));
        assertTrue(error.getMessage().contains("FNCF-Multi"), error.getMessage());
        assertEquals(30, Method.SINGLE.epochs());
        assertEquals(30, Method.MULTI.epochs());
        assertEquals(32, Method.MULTI.numFactors(64));
    }
}
