package io.involution.train.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.value.Augmentation;
import io.involution.data.ImageShape;
import io.involution.data.ImageView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewsTest {
  private static final int SIZE = 2_000;

  private static List<ImageView> views(String text, int epoch, int worker) {
    return LongStream.of(codes(text, 42, epoch, worker)).mapToObj(ImageView::of).toList();
  }

  private static long[] codes(String text, long seed, int epoch, int worker) {
    return new Views(Augmentation.parse(text), seed, epoch, worker).of(SIZE, ImageShape.CIFAR10);
  }

  /** One number from 0 to 161 for each example: what every run with the flag has drawn so far. */
  @ParameterizedTest
  @ValueSource(strings = {"true", "flip,shift:4", "shift:4,flip"})
  void theUsualViewsAreThoseOfEarlierRuns(String text) {
    SplittableRandom random = Seeds.at(42, 3, 5, 1);
    for (ImageView view : views(text, 3, 5)) {
      int number = random.nextInt(162);
      assertThat(view)
          .isEqualTo(new ImageView(number % 2 == 1, number / 2 / 9 - 4, number / 2 % 9 - 4));
    }
  }

  @Test
  void goldenValues() {
    assertThat(LongStream.of(codes("true", 42, 1, 0)).limit(4))
        .containsExactly(10_232L, 1_042_432L, 4_080L, 6_136L);
    assertThat(codes("false", 42, 1, 0)).isEmpty();
  }

  @Test
  void everyExampleIsFlippedInEveryOtherEpoch() {
    List<ImageView> first = views("alternate-flip", 1, 0);
    List<ImageView> third = views("alternate-flip,shift:2", 3, 0);
    List<ImageView> second = views("alternate-flip", 2, 0);

    IntStream.range(0, SIZE)
        .forEach(
            i -> {
              assertThat(second.get(i).flip()).isNotEqualTo(first.get(i).flip());
              assertThat(third.get(i).flip()).isEqualTo(first.get(i).flip());
              assertThat(first.get(i).down()).isZero();
            });
    assertThat(first.stream().filter(ImageView::flip).count()).isBetween(900L, 1_100L);
    assertThat(views("alternate-flip", 1, 1)).isNotEqualTo(first);
  }

  @Test
  void shiftsReachEveryPlaceAndNoOther() {
    Set<List<Integer>> places = new HashSet<>();
    for (ImageView view : views("reflect-shift:2", 1, 0)) {
      places.add(List.of(view.down(), view.right()));
      assertThat(view.reflected()).isTrue();
      assertThat(view.flip()).isFalse();
      assertThat(view.down()).isBetween(-2, 2);
      assertThat(view.right()).isBetween(-2, 2);
    }
    assertThat(places).hasSize(25);
  }

  /** And what else is drawn does not depend on them. */
  @Test
  void squaresLieWithinTheImageAnywhere() {
    List<ImageView> cut = views("flip,shift:4,cutout:30", 1, 0);
    Set<List<Integer>> places = new HashSet<>();
    for (ImageView view : cut) {
      assertThat(view.cutout().size()).isEqualTo(30);
      places.add(List.of(view.cutout().row(), view.cutout().column()));
    }
    assertThat(places).hasSize(9);
    assertThat(places.stream().flatMap(List::stream)).containsOnly(0, 1, 2);
    assertThat(cut.stream().map(view -> new ImageView(view.flip(), view.down(), view.right())))
        .isEqualTo(views("true", 1, 0));
  }

  @Test
  void viewsDependOnSeedEpochAndWorkerAndOnNothingElse() {
    Set<List<Long>> drawn = new HashSet<>();
    for (long seed = 0; seed < 3; seed++) {
      for (int epoch = 1; epoch <= 3; epoch++) {
        for (int worker = 0; worker < 3; worker++) {
          for (int again = 0; again < 2; again++) {
            drawn.add(
                LongStream.of(codes("alternate-flip,shift:3,cutout:5", seed, epoch, worker))
                    .boxed()
                    .toList());
          }
        }
      }
    }
    assertThat(drawn).hasSize(27);
  }
}
