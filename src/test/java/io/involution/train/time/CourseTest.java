package io.involution.train.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.training.AveragingPeriod;
import io.involution.config.value.EpochCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CourseTest {
  /** 10 steps in an epoch: rounds of 4, 4 and 2, from epoch 3 on of 3, 3, 3 and 1. */
  private static final EpochPlan PLAN = new EpochPlan(40, 1, 4, AveragingPeriod.parse("4,3@3"));

  private static Course course(String epochs) {
    return new Course(PLAN, EpochCount.parse(epochs));
  }

  /** Where training is after each round and epoch, as the loop goes through them. */
  private static List<Position> positions(Course course, Position from, List<Integer> steps) {
    List<Position> positions = new ArrayList<>();
    Position position = from;
    while (position.epochs() < course.epochs().last()) {
      int epoch = position.epochs() + 1;
      for (Round round : course.rounds(position)) {
        IntStream.range(round.firstStep(), round.lastStep())
            .forEach(step -> steps.add(10 * (epoch - 1) + step));
        assertThat(round.epoch()).isEqualTo(epoch);
        assertThat(round.index()).isEqualTo(position.rounds() + 1);
        position = course.after(round);
        positions.add(position);
      }
      position = new Position(epoch, 0);
      positions.add(position);
    }
    return positions;
  }

  private static List<Integer> upTo(long steps) {
    return IntStream.range(0, (int) steps).boxed().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "3, 30",
    "2.9, 29",
    "2.8, 28",
    "2.51, 26",
    "0.1, 1",
    "0.4, 4",
    "3.3, 33",
    "1.001, 11"
  })
  void everyStepIsTakenOnce(String epochs, int steps) {
    List<Integer> taken = new ArrayList<>();
    Course course = course(epochs);

    positions(course, Position.START, taken);

    assertThat(taken).isEqualTo(upTo(steps));
    assertThat(course.steps()).isEqualTo(steps);
  }

  /** From wherever the shorter one was, even from its end. */
  @ParameterizedTest
  @CsvSource({
    "2.9, 4",
    "2.5, 2.9",
    "2.8, 3",
    "0.1, 1",
    "0.4, 1.4",
    "3.35, 3.95",
    "1, 2",
    "2.51, 4"
  })
  void aLongerTrainingTakesTheStepsThatAreLeft(String shorter, String longer) {
    List<Position> positions = positions(course(shorter), Position.START, new ArrayList<>());
    positions.removeIf(
        position ->
            course(shorter).isCut() && position.epochs() == course(shorter).epochs().last());
    Course course = course(longer);
    for (Position position : positions) {
      List<Integer> taken = new ArrayList<>();
      List<Position> rest = positions(course, position, taken);

      assertThat(course.holds(position)).isTrue();
      int left = taken.size();
      assertThat(taken)
          .isEqualTo(
              upTo(course.steps()).subList((int) course.steps() - left, (int) course.steps()));
      // And so it does from any of its own places.
      for (Position later : rest) {
        List<Integer> again = new ArrayList<>();
        positions(course, later, again);
        assertThat(taken.subList(left - again.size(), left)).isEqualTo(again);
        assertThat(course.holds(later)).isTrue();
      }
    }
  }

  @Test
  void wholeEpochsHaveTheRoundsAndPlacesOfTheirPlan() {
    Course course = course("4");
    List<Position> expected = new ArrayList<>();
    for (int epoch = 1; epoch <= 4; epoch++) {
      assertThat(course.rounds(new Position(epoch - 1, 0))).isEqualTo(PLAN.rounds(epoch));
      assertThat(course.roundsIn(epoch)).isEqualTo(PLAN.roundsIn(epoch));
      for (int round = 1; round <= PLAN.roundsIn(epoch); round++) {
        expected.add(new Position(epoch - 1, round));
      }
      expected.add(new Position(epoch, 0));
    }
    assertThat(positions(course, Position.START, new ArrayList<>())).isEqualTo(expected);
    assertThat(course.isCut()).isFalse();
    assertThat(course.roundsUntil(4))
        .isEqualTo(IntStream.rangeClosed(1, 4).map(PLAN::roundsIn).sum());
  }

  @Test
  void aCutIsWhereTheLastEpochEndsEarly() {
    Course course = course("1.6");
    assertThat(course.isCut()).isTrue();
    assertThat(course.roundsIn(2)).isEqualTo(2);
    assertThat(course.roundsUntil(2)).isEqualTo(5);
    assertThat(course.isAtCut(new Position(1, 2, 6))).isTrue();
    assertThat(course.isAtCut(new Position(1, 1))).isFalse();
    assertThat(course.isAtCut(new Position(2, 0))).isFalse();
    assertThat(course("1.999").isCut()).isFalse();
  }

  @Test
  void asManyRoundsAreCountedAsAreTaken() {
    for (int thousandths = 1; thousandths < 1000; thousandths++) {
      Course course = new Course(PLAN, new EpochCount(2, thousandths));
      for (int epoch = 1; epoch <= 3; epoch++) {
        assertThat(course.roundsIn(epoch))
            .isEqualTo(course.rounds(new Position(epoch - 1, 0)).size());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0, 4, 0", "2, 0, 0", "1, 1, 7", "1, 3, 0", "5, 1, 0"})
  void placesThatATrainingDoesNotReachAreNotItsOwn(String numbers) {
    int[] parts = Arrays.stream(numbers.split(", ", -1)).mapToInt(Integer::parseInt).toArray();
    Position position = new Position(parts[0], parts[1], parts[2]);
    assertThat(course("1.6").holds(position)).isEqualTo(position.equals(new Position(2, 0)));
  }
}
