package io.involution.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.value.EpochCount;
import io.involution.config.value.EvaluationCadence;
import io.involution.config.value.WeightAverage;
import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import io.involution.train.outer.LogDeviations;
import io.involution.train.outer.OuterStep;
import io.involution.train.outer.TimeAverage;
import io.involution.train.time.Course;
import io.involution.train.time.Ending;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Position;
import io.involution.train.time.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingLoopTest {
  /** 20 examples in 5 steps of 4, in rounds of 2, 2 and 1. */
  private static final EpochPlan PLAN = new EpochPlan(20, 1, 4, 2);

  private final List<String> calls = new ArrayList<>();

  /** Pure workers: what a round makes of a state depends on the two alone. */
  private class PureWorkers implements Workers {
    @Override
    public Stretch run(List<Round> rounds, ModelState start) {
      Round first = rounds.get(0);
      String more = rounds.size() == 1 ? "" : " and " + (rounds.size() - 1) + " more";
      calls.add(String.format(Locale.ROOT, "run %d.%d%s", first.epoch(), first.index(), more));
      float value = start.parameters()[0];
      long steps = start.steps();
      List<RoundOutcome> outcomes = new ArrayList<>();
      for (Round round : rounds) {
        value = value * 0.75f + round.epoch() + 0.1f * round.index();
        steps += round.steps();
        outcomes.add(outcome(round.examples(20), value));
      }
      return new Stretch(
          ModelState.of(steps, new float[] {value}, new float[] {value * value}), outcomes);
    }

    @Override
    public Evaluation evaluate(EvaluationSet set, ModelState state) {
      calls.add("evaluate " + set);
      return RoundFixture.evaluation(set == EvaluationSet.TEST ? 4 : 7);
    }
  }

  private class Notes implements Journal {
    private final List<EpochOutcome> epochs = new ArrayList<>();
    private final List<TrainingPoint> points = new ArrayList<>();

    @Override
    public void roundEnded(Round round, RoundOutcome outcome) {
      calls.add(
          String.format(
              Locale.ROOT, "round %d.%d of %d", round.epoch(), round.index(), outcome.examples()));
    }

    @Override
    public void epochEnded(EpochOutcome outcome) {
      calls.add("epoch " + outcome.epoch());
      epochs.add(outcome);
    }

    @Override
    public void reached(TrainingPoint point) {
      points.add(point);
    }
  }

  private static RoundOutcome outcome(int examples, double loss) {
    RoundOutcome made = RoundFixture.outcome(examples);
    WorkerReport report = made.reports().get(0);
    return new RoundOutcome(
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
    return loop(workers, validate, "1");
  }

  private static TrainingLoop loop(Workers workers, boolean validate, String cadence) {
    EpochEvaluation evaluation =
        new EpochEvaluation(workers, validate, EvaluationCadence.parse(cadence));
    return new TrainingLoop("convolution", PLAN, OuterStep.AVERAGE, evaluation);
  }

  @Test
  void roundsAndEvaluationsComeInOrderAndTheJournalHearsOfEach() {
    loop(new PureWorkers(), true).run(TrainingPoint.start(start()), new Ending(2, 0), new Notes());

    List<String> expected = new ArrayList<>();
    for (int epoch = 1; epoch <= 2; epoch++) {
      expected.addAll(
          List.of(
              String.format(Locale.ROOT, "run %d.1", epoch),
              String.format(Locale.ROOT, "round %d.1 of 8", epoch),
              String.format(Locale.ROOT, "run %d.2", epoch),
              String.format(Locale.ROOT, "round %d.2 of 8", epoch),
              String.format(Locale.ROOT, "run %d.3", epoch),
              String.format(Locale.ROOT, "round %d.3 of 4", epoch),
              "evaluate VALIDATION",
              "evaluate TEST",
              "epoch " + epoch));
    }
    assertThat(calls).isEqualTo(expected);
  }

  @Test
  void epochHoldsTheSumsOfItsOwnRounds() {
    Notes record = new Notes();

    ModelState end =
        loop(new PureWorkers(), false)
            .run(TrainingPoint.start(start()), new Ending(2, 0), record)
            .state();

    // 0.75 x 1 + 1.1 = 1.85; 0.75 x 1.85 + 1.2 = 2.5875; 0.75 x 2.5875 + 1.3 = 3.240625
    EpochOutcome first = record.epochs.get(0);
    assertThat(first.training().orElseThrow().lossSum())
        .isCloseTo(1.85 + 2.5875 + 3.240625, org.assertj.core.data.Offset.offset(1e-5));
    assertThat(first.training().orElseThrow().correct()).isEqualTo(4 + 4 + 2);
    assertThat(first.examples()).isEqualTo(20);
    assertThat(first.validation()).isEqualTo(Optional.empty());
    assertThat(first.test().orElseThrow().correct()).isEqualTo(4);
    assertThat(first.state().steps()).isEqualTo(5);
    assertThat(record.epochs.get(1).examples()).isEqualTo(20);
    assertThat(record.epochs.get(1).state()).isSameAs(end);
    assertThat(end.steps()).isEqualTo(10);
  }

  @Test
  void resumedRunGoesThroughTheSameStates() {
    Notes whole = new Notes();
    ModelState end =
        loop(new PureWorkers(), false)
            .run(TrainingPoint.start(start()), new Ending(5, 0), whole)
            .state();

    List<TrainingPoint> points = new ArrayList<>(whole.points);
    points.add(0, TrainingPoint.start(start()));
    for (TrainingPoint point : points) {
      Notes rest = new Notes();

      ModelState resumed =
          loop(new PureWorkers(), false).run(point, new Ending(5, 0), rest).state();

      int done = point.position().epochs();
      assertThat(rest.epochs).hasSize(5 - done);
      assertThat(resumed.steps()).isEqualTo(end.steps());
      assertThat(resumed.parameters()).isEqualTo(end.parameters());
      for (int i = 0; i < rest.epochs.size(); i++) {
        EpochOutcome expected = whole.epochs.get(done + i);
        assertThat(rest.epochs.get(i).epoch()).isEqualTo(expected.epoch());
        assertThat(rest.epochs.get(i).examples()).isEqualTo(expected.examples());
        assertThat(rest.epochs.get(i).training()).isEqualTo(expected.training());
        assertThat(rest.epochs.get(i).state().parameters())
            .isEqualTo(expected.state().parameters());
        assertThat(rest.epochs.get(i).state().updater()).isEqualTo(expected.state().updater());
      }
    }
  }

  /** Averages over time are part of the state, and the end may lie within an epoch. */
  @ParameterizedTest
  @CsvSource({"ema:0.7, 3.6", "lookahead, 2.3", "none, 2.3"})
  void resumedRunsGoThroughTheSameStatesToTheBit(String average, String epochs) {
    EpochCount count = EpochCount.parse(epochs);
    long steps = new Course(PLAN, count).steps();
    OuterStep step =
        TimeAverage.of(WeightAverage.parse(average), OuterStep.AVERAGE, LogDeviations.NONE, steps);
    TrainingLoop loop =
        new TrainingLoop(
            "convolution",
            PLAN,
            step,
            new EpochEvaluation(new PureWorkers(), false, new EvaluationCadence(1)));
    Notes whole = new Notes();
    ModelState end = loop.run(TrainingPoint.start(start()), new Ending(count, 0), whole).state();
    assertThat(end.steps()).isEqualTo(steps);
    EpochOutcome last = whole.epochs.get(whole.epochs.size() - 1);
    assertThat(last.epoch()).isEqualTo(count.last());
    assertThat(last.examples()).isLessThan(whole.epochs.get(0).examples());
    assertThat(last.state().parameters()).isEqualTo(end.averaged().parameters());
    assertThat(end.names().contains(ModelState.AVERAGE)).isEqualTo(average.startsWith("ema"));

    for (TrainingPoint point : whole.points) {
      Notes rest = new Notes();
      TrainingPoint resumed = loop.run(point, new Ending(count, 0), rest);
      assertThat(resumed.position()).isEqualTo(new Position(count.last(), 0));
      for (String name : end.names()) {
        assertThat(resumed.state().section(name)).isEqualTo(end.section(name));
      }
      if (!rest.epochs.isEmpty()) {
        EpochOutcome again = rest.epochs.get(rest.epochs.size() - 1);
        assertThat(again.training()).isEqualTo(last.training());
        assertThat(again.examples()).isEqualTo(last.examples());
      }
    }
  }

  @Test
  void trainingStopsWhenTheValidationAccuracyHasNotRisenForSoManyEpochs() {
    Notes notes = new Notes();

    TrainingPoint end =
        loop(new PureWorkers(), true).run(TrainingPoint.start(start()), new Ending(9, 2), notes);

    // All epochs have the same accuracy: the first is the best.
    assertThat(end.position()).isEqualTo(new Position(3, 0));
    assertThat(notes.epochs).hasSize(3);
    assertThat(notes.points.get(notes.points.size() - 1)).isEqualTo(end);
  }

  /** Patience counts every epoch, and the one that it ends with is tested like a last one. */
  @ParameterizedTest
  @CsvSource({"1, 1 2 3", "2, 2 3", "3, 3", "last, 3"})
  void testExamplesAreEvaluatedAsOftenAsAskedAndAfterTheLastEpoch(String every, String tested) {
    for (Ending ending : List.of(new Ending(9, 2), new Ending(3, 0))) {
      Notes notes = new Notes();

      TrainingPoint end =
          loop(new PureWorkers(), true, every).run(TrainingPoint.start(start()), ending, notes);

      assertThat(end.position()).isEqualTo(new Position(3, 0));
      assertThat(notes.epochs).allMatch(epoch -> epoch.validation().isPresent());
      assertThat(
              notes.epochs.stream()
                  .filter(epoch -> epoch.test().isPresent())
                  .map(epoch -> String.valueOf(epoch.epoch()))
                  .collect(Collectors.joining(" ")))
          .isEqualTo(tested);
    }
  }

  @Test
  void everyRoundAndEveryEpochIsAPointToGoOnFrom() {
    Notes notes = new Notes();

    loop(new PureWorkers(), false).run(TrainingPoint.start(start()), new Ending(2, 0), notes);

    assertThat(notes.points)
        .extracting(point -> point.position().shown())
        .containsExactly(
            "epoch 1, round 1",
            "epoch 1, round 2",
            "epoch 1, round 3",
            "epoch 1",
            "epoch 2, round 1",
            "epoch 2, round 2",
            "epoch 2, round 3",
            "epoch 2");
    assertThat(notes.points)
        .extracting(point -> point.sums().examples())
        .containsExactly(8, 16, 20, 0, 8, 16, 20, 0);
  }

  /** A single worker, as the loop sees it. */
  private final class LoneWorker extends PureWorkers {
    @Override
    public boolean goOnAlone() {
      return true;
    }
  }

  private ModelState alone(OuterStep step, Workers workers, Notes notes) {
    EpochEvaluation evaluation = new EpochEvaluation(workers, false, new EvaluationCadence(9));
    return new TrainingLoop("convolution", new EpochPlan(20, 1, 2, 1), step, evaluation)
        .run(TrainingPoint.start(start()), new Ending(1, 0), notes)
        .state();
  }

  /** 10 rounds, and somebody wants the state after the fourth. */
  @Test
  void loneWorkerTakesRoundsAtOnceUpToWhereItsStateIsNeeded() {
    Notes notes =
        new Notes() {
          @Override
          public boolean needs(Position position) {
            return position.rounds() == 4;
          }
        };

    ModelState end = alone(OuterStep.AVERAGE, new LoneWorker(), notes);

    assertThat(calls)
        .filteredOn(call -> call.startsWith("run"))
        .containsExactly("run 1.1", "run 1.2 and 2 more", "run 1.5 and 5 more");
    assertThat(calls).filteredOn(call -> call.startsWith("round")).hasSize(10);
    assertThat(notes.points.stream().map(point -> point.position().rounds()))
        .containsExactly(1, 4, 10, 0);
    assertThat(notes.points.get(1).sums().examples()).isEqualTo(8);
    assertThat(notes.epochs.get(0).examples()).isEqualTo(20);
    ModelState oneByOne = alone(OuterStep.AVERAGE, new PureWorkers(), new Notes());
    assertThat(end.parameters()).isEqualTo(oneByOne.parameters());
    assertThat(end.steps()).isEqualTo(oneByOne.steps());
  }

  @Test
  void loneWorkerWaitsForAnOuterStepThatChangesItsModel() {
    OuterStep same = (start, mean) -> mean;

    alone(same, new LoneWorker(), new Notes());

    assertThat(calls).filteredOn(call -> call.startsWith("run")).hasSize(10);
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
        new TrainingLoop(
                "convolution",
                new EpochPlan(8, 1, 4, 1),
                half,
                new EpochEvaluation(new PureWorkers(), false, new EvaluationCadence(1)))
            .run(TrainingPoint.start(start()), new Ending(1, 0), new Notes())
            .state();

    // mean 1.85, half way 1.425; mean 0.75 x 1.425 + 1.2 = 2.26875, half way 1.846875
    assertThat(end.parameters()[0])
        .isCloseTo(1.846875f, org.assertj.core.data.Offset.offset(1e-5f));
  }

  @Test
  void meanThatIsNotFiniteStopsTheRunBeforeTheJournalHears() {
    Workers diverging =
        new PureWorkers() {
          @Override
          public Stretch run(List<Round> rounds, ModelState start) {
            return super.run(rounds, start)
                .with(ModelState.of(1, new float[] {1}, new float[] {Float.NaN}));
          }
        };

    assertThatExceptionOfType(DivergenceException.class)
        .isThrownBy(
            () ->
                loop(diverging, false)
                    .run(TrainingPoint.start(start()), new Ending(1, 0), new Notes()))
        .withMessageContaining("the average of the convolution network")
        .withMessageContaining("epoch 1, round 1");
    assertThat(calls).containsExactly("run 1.1");
  }

  @Test
  void evaluationThatIsNotFiniteStopsTheRunBeforeTheJournalHears() {
    Workers diverging =
        new PureWorkers() {
          @Override
          public Evaluation evaluate(EvaluationSet set, ModelState state) {
            return set == EvaluationSet.VALIDATION
                ? new Evaluation(Double.NaN, new long[10][10])
                : super.evaluate(set, state);
          }
        };

    assertThatExceptionOfType(DivergenceException.class)
        .isThrownBy(
            () ->
                loop(diverging, true)
                    .run(TrainingPoint.start(start()), new Ending(1, 0), new Notes()))
        .withMessageContaining("the validation loss of the convolution network")
        .withMessageContaining("after epoch 1");
    assertThat(calls).doesNotContain("epoch 1");
  }
}
