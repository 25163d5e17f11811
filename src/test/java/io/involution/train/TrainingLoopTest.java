package io.involution.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.evaluate.Evaluation;
import io.involution.model.ModelState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingLoopTest {
  /** 20 examples in 5 steps of 4, in rounds of 2, 2 and 1. */
  private static final EpochPlan PLAN = new EpochPlan(20, 1, 4, 2);

  private final List<String> calls = new ArrayList<>();

  /** Pure workers: what a round makes of a state depends on the two alone. */
  private class PureWorkers implements Workers {
    @Override
    public RoundOutcome run(Round round, ModelState start) {
      calls.add("run %d.%d".formatted(round.epoch(), round.index()));
      float value = start.parameters()[0] * 0.75f + round.epoch() + 0.1f * round.index();
      return outcome(
          ModelState.of(
              start.steps() + round.steps(), new float[] {value}, new float[] {value * value}),
          round.examples(20),
          value);
    }

    @Override
    public Evaluation evaluate(EvaluationSet set, ModelState state) {
      calls.add("evaluate " + set);
      return RoundFixture.evaluation(set == EvaluationSet.TEST ? 4 : 7);
    }
  }

  private final class Notes implements Journal {
    private final List<EpochOutcome> epochs = new ArrayList<>();

    @Override
    public void roundEnded(Round round, RoundOutcome outcome) {
      calls.add("round %d.%d of %d".formatted(round.epoch(), round.index(), outcome.examples()));
    }

    @Override
    public void epochEnded(EpochOutcome outcome) {
      calls.add("epoch " + outcome.epoch());
      epochs.add(outcome);
    }
  }

  private static RoundOutcome outcome(ModelState mean, int examples, double loss) {
    RoundOutcome made = RoundFixture.outcome(mean, examples);
    WorkerReport report = made.reports().get(0);
    return new RoundOutcome(
        mean,
        List.of(
            new WorkerReport(
                0, examples, loss, report.correct(), report.seconds(), report.place())),
        made.seconds(),
        1,
        1);
  }

  private static ModelState start() {
    return ModelState.of(0, new float[] {1}, new float[] {0});
  }

  private static TrainingLoop loop(Workers workers, boolean validate) {
    return new TrainingLoop(workers, PLAN, OuterStep.AVERAGE, validate);
  }

  @Test
  void roundsAndEvaluationsComeInOrderAndTheJournalHearsOfEach() {
    loop(new PureWorkers(), true).run(start(), 1, 2, new Notes());

    List<String> expected = new ArrayList<>();
    for (int epoch = 1; epoch <= 2; epoch++) {
      expected.addAll(
          List.of(
              "run %d.1".formatted(epoch),
              "round %d.1 of 8".formatted(epoch),
              "run %d.2".formatted(epoch),
              "round %d.2 of 8".formatted(epoch),
              "run %d.3".formatted(epoch),
              "round %d.3 of 4".formatted(epoch),
              "evaluate TEST",
              "evaluate VALIDATION",
              "epoch " + epoch));
    }
    assertThat(calls).isEqualTo(expected);
  }

  @Test
  void epochHoldsTheSumsOfItsOwnRounds() {
    Notes record = new Notes();

    ModelState end = loop(new PureWorkers(), false).run(start(), 1, 2, record);

    // 0.75 x 1 + 1.1 = 1.85; 0.75 x 1.85 + 1.2 = 2.5875; 0.75 x 2.5875 + 1.3 = 3.240625
    EpochOutcome first = record.epochs.get(0);
    assertThat(first.training().orElseThrow().lossSum())
        .isCloseTo(1.85 + 2.5875 + 3.240625, org.assertj.core.data.Offset.offset(1e-5));
    assertThat(first.training().orElseThrow().correct()).isEqualTo(4 + 4 + 2);
    assertThat(first.examples()).isEqualTo(20);
    assertThat(first.validation()).isEqualTo(Optional.empty());
    assertThat(first.test().correct()).isEqualTo(4);
    assertThat(first.state().steps()).isEqualTo(5);
    assertThat(record.epochs.get(1).examples()).isEqualTo(20);
    assertThat(record.epochs.get(1).state()).isSameAs(end);
    assertThat(end.steps()).isEqualTo(10);
  }

  @Test
  void resumedRunGoesThroughTheSameStates() {
    Notes whole = new Notes();
    ModelState end = loop(new PureWorkers(), false).run(start(), 1, 5, whole);

    for (int done = 0; done <= 5; done++) {
      ModelState checkpoint = done == 0 ? start() : whole.epochs.get(done - 1).state();
      Notes rest = new Notes();

      ModelState resumed = loop(new PureWorkers(), false).run(checkpoint, done + 1, 5, rest);

      assertThat(rest.epochs).hasSize(5 - done);
      assertThat(resumed.steps()).isEqualTo(end.steps());
      assertThat(resumed.parameters()).isEqualTo(end.parameters());
      for (int i = 0; i < rest.epochs.size(); i++) {
        EpochOutcome expected = whole.epochs.get(done + i);
        assertThat(rest.epochs.get(i).epoch()).isEqualTo(expected.epoch());
        assertThat(rest.epochs.get(i).training()).isEqualTo(expected.training());
        assertThat(rest.epochs.get(i).state().parameters())
            .isEqualTo(expected.state().parameters());
        assertThat(rest.epochs.get(i).state().updater()).isEqualTo(expected.state().updater());
      }
    }
  }

  @Test
  void outerStepDecidesWhereTheNextRoundStarts() {
    OuterStep half =
        (start, mean) ->
            ModelState.of(
                mean.steps(),
                new float[] {(start.parameters()[0] + mean.parameters()[0]) / 2},
                mean.updater());

    ModelState end =
        new TrainingLoop(new PureWorkers(), new EpochPlan(8, 1, 4, 1), half, false)
            .run(start(), 1, 1, new Notes());

    // mean 1.85, half way 1.425; mean 0.75 x 1.425 + 1.2 = 2.26875, half way 1.846875
    assertThat(end.parameters()[0])
        .isCloseTo(1.846875f, org.assertj.core.data.Offset.offset(1e-5f));
  }

  @Test
  void lossThatIsNotFiniteStopsTheRunAndNamesThePlace() {
    for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      calls.clear();
      Workers diverging =
          new PureWorkers() {
            @Override
            public RoundOutcome run(Round round, ModelState start) {
              RoundOutcome sound = super.run(round, start);
              return round.epoch() == 2 && round.index() == 3
                  ? new RoundOutcome(
                      sound.mean(),
                      List.of(sound.reports().get(0), diverged(loss)),
                      sound.seconds(),
                      1,
                      1)
                  : sound;
            }
          };

      assertThatExceptionOfType(DivergenceException.class)
          .isThrownBy(() -> loop(diverging, false).run(start(), 1, 3, new Notes()))
          .satisfies(
              e ->
                  assertThat(e.getMessage())
                      .contains("worker 1", "epoch 2", "round 3", "--learning-rate"));
      assertThat(calls).endsWith("run 2.3").doesNotContain("epoch 2");
    }
  }

  private static WorkerReport diverged(double loss) {
    WorkerReport report = RoundFixture.report(1, 4);
    return new WorkerReport(1, 4, loss, 0, report.seconds(), report.place());
  }

  @Test
  void meanThatIsNotFiniteStopsTheRunBeforeTheJournalHears() {
    Workers diverging =
        new PureWorkers() {
          @Override
          public RoundOutcome run(Round round, ModelState start) {
            return outcome(
                ModelState.of(1, new float[] {1}, new float[] {Float.NaN}),
                4,
                super.run(round, start).lossSum());
          }
        };

    assertThatExceptionOfType(DivergenceException.class)
        .isThrownBy(() -> loop(diverging, false).run(start(), 1, 1, new Notes()))
        .withMessageContaining("averaged model")
        .withMessageContaining("epoch 1, round 1");
    assertThat(calls).containsExactly("run 1.1");
  }
}
