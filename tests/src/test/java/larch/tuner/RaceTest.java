package larch.tuner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import larch.tuning.TuningFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How candidates meet, and who wins.
class RaceTest {
    private static final List<String> FIELD = List.of("old", "b", "c", "d", "e", "f", "g", "h", "i");
    private static final TimeBox ENDLESS = new TimeBox(Duration.ofDays(1), () -> 0);

    private final StageJournal journal = new StageJournal("stage", "base");

    @Test
    void aFasterCandidateWins() {
        FakeTrial trial = trial((name, _) -> name.equals("g") ? 1.05 : 1);
        assertEquals(new Race.Standing(true, "old", "g", "g"), race(trial, ENDLESS).run());
        assertEquals("0: old b c d e f g h i", trial.rounds.getFirst());
        assertEquals("17: old g", trial.rounds.getLast(), "8, 4, 2 challengers, two rounds each, and twelve of the last");
    }

    @Test
    void aGainBelowTheMarginChangesNothing() {
        assertEquals(new Race.Standing(true, "old", "old", "g"), race(trial((name, _) -> name.equals("g") ? 1.019 : 1), ENDLESS).run());
    }

    @Test
    void aGainInSomePhasesOnlyChangesNothing() {
        ToDoubleBiFunction<String, Integer> speed = (name, round) -> name.equals("g") && round % 3 != 0 ? 1.5 : 1;
        assertEquals("old", race(trial(speed), ENDLESS).run().chosen());
    }

    @Test
    void theRuleWantsNineClearRoundsOfTwelve() {
        assertTrue(Race.wins(gains(9)));
        assertFalse(Race.wins(gains(8)));
        assertFalse(Race.wins(new double[] {1, 1, 1}), "three rounds are no final");
    }

    private static double[] gains(int clear) {
        double[] gains = new double[Race.FINAL_ROUNDS];
        for (int i = 0; i < gains.length; i++) {
            gains[i] = i < clear ? Race.MARGIN : Race.MARGIN - 1e-9;
        }
        return gains;
    }

    /// All candidates are one and the same, measured badly: the luckiest of eight must not win.
    @Test
    void noiseDoesNotChoose() {
        int changes = 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            StageJournal fresh = new StageJournal("stage", "base");
            FakeTrial trial = trial((_, _) -> 1 + 0.05 * random.nextGaussian());
            changes += new Race(FIELD, fresh, trial, ENDLESS, () -> { }).run().chosen().equals("old") ? 0 : 1;
        }
        assertTrue(changes <= 4, changes + " changes of 200");
    }

    /// What slows all of a round alike is no noise.
    @Test
    void aMachineThatChangesItsClockIsMeasuredRight() {
        ToDoubleBiFunction<String, Integer> speed = (name, round) -> (name.equals("c") ? 1.04 : 1) / (1 + round % 4);
        assertEquals("c", race(trial(speed), ENDLESS).run().chosen());
    }

    @Test
    void whoeverIsRefusedIsNotMeasured() {
        FakeTrial trial = new FakeTrial((name, _) -> name.equals("g") ? 2 : name.equals("c") ? 1.5 : 1, Map.of("g", "wrong values"));
        assertEquals("c", race(trial, ENDLESS).run().chosen());
        assertEquals("wrong values", journal.refusal("g"));
        assertTrue(trial.rounds.stream().noneMatch(round -> round.contains("g")), trial.rounds::toString);
    }

    @Test
    void anIncumbentThatIsRefusedLeavesItsPlaceToTheNext() {
        FakeTrial trial = new FakeTrial((name, _) -> name.equals("g") ? 1.5 : 1, Map.of("old", "too long", "b", "wrong"));
        assertEquals(new Race.Standing(true, "c", "g", "g"), race(trial, ENDLESS).run());
        FakeTrial again = new FakeTrial((name, _) -> 1, Map.of("old", "too long", "b", "wrong"));
        StageJournal fresh = new StageJournal("stage", "base");
        assertEquals("c", new Race(FIELD, fresh, again, ENDLESS, () -> { }).run().chosen(), "any that works is better");
        assertEquals("too long", fresh.refusal("old"));
    }

    @Test
    void whereNoneMayTakePartNothingChanges() {
        FakeTrial trial = new FakeTrial((_, _) -> 1, Map.of("old", "x", "b", "x", "c", "x", "d", "x", "e", "x", "f", "x", "g", "x",
                "h", "x", "i", "x"));
        assertEquals(new Race.Standing(true, "old", "old", null), race(trial, ENDLESS).run());
        assertEquals(List.of(), trial.rounds);
    }

    @Test
    void nothingBeginsWhenTheTimeIsOver() {
        FakeTrial trial = trial((_, _) -> 1);
        assertEquals(new Race.Standing(false, "old", "old", null), race(trial, new TimeBox(Duration.ZERO, () -> 0)).run());
        assertEquals(List.of(), trial.rounds);
    }

    /// Interrupted after every step that is possible, and begun anew from the text of its journal.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 19})
    void anInterruptedRaceEndsLikeOneThatWasNot(int stepsAtATime) {
        ToDoubleBiFunction<String, Integer> speed = (name, round) -> 
                1 + new SplittableRandom(1_000L * name.hashCode() + round).nextDouble();
        FakeTrial whole = trial(speed);
        Race.Standing expected = race(whole, ENDLESS).run();
        List<String> rounds = new ArrayList<>();
        StageJournal kept = new StageJournal("stage", "base");
        Race.Standing standing;
        int runs = 0;
        do {
            long[] clock = {0};
            FakeTrial part = trial(speed);
            standing = new Race(FIELD, kept, part, new TimeBox(Duration.ofNanos(stepsAtATime), () -> clock[0]), () -> clock[0]++).run();
            rounds.addAll(part.rounds);
            kept = StageJournal.read(file(kept), "stage", "base", FIELD);
        } while (!standing.isDecided() && ++runs < 100);
        assertEquals(expected, standing);
        assertEquals(whole.rounds, rounds, "nothing is measured twice");
    }

    private static TuningFile file(StageJournal journal) {
        StringBuilder text = new StringBuilder("larch tuning = 1\n[" + journal.section().name() + "]\n");
        journal.section().keys().forEach(key -> text.append(key).append(" = ").append(journal.section().text(key)).append('\n'));
        return TuningFile.parse("journal", text.toString());
    }

    private static FakeTrial trial(ToDoubleBiFunction<String, Integer> speed) {
        return new FakeTrial(speed, Map.of());
    }

    private Race race(Trial trial, TimeBox time) {
        return new Race(FIELD, journal, trial, time, () -> { });
    }
}
