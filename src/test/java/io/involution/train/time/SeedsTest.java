package io.involution.train.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 100, 5_000})
  void permutationHoldsEveryPlaceOnce(int size) {
    int[] order = Seeds.permutation(size, 42, 1, 0);

    Arrays.sort(order);
    assertThat(order).isEqualTo(IntStream.range(0, size).toArray());
  }

  @Test
  void permutationDependsOnSeedEpochAndWorkerAndOnNothingElse() {
    Set<String> orders = new HashSet<>();
    for (long seed : new long[] {0, 1, 42, -1}) {
      for (int epoch = 1; epoch <= 5; epoch++) {
        for (int worker = 0; worker < 5; worker++) {
          orders.add(Arrays.toString(Seeds.permutation(50, seed, epoch, worker)));
        }
      }
    }

    assertThat(orders).hasSize(4 * 5 * 5);
    assertThat(Seeds.permutation(50, 42, 2, 3)).isEqualTo(Seeds.permutation(50, 42, 2, 3));
  }

  @Test
  void everyPlaceIsAboutEquallyLikelyForEveryExample() {
    int size = 8;
    int draws = 8_000;
    int[][] counts = new int[size][size];
    for (int epoch = 1; epoch <= draws; epoch++) {
      int[] order = Seeds.permutation(size, 7, epoch, 0);
      for (int place = 0; place < size; place++) {
        counts[place][order[place]]++;
      }
    }

    // 1,000 expected; the standard deviation is 30.
    for (int[] row : counts) {
      assertThat(row)
          .satisfies(r -> assertThat(Arrays.stream(r).allMatch(c -> c > 850 && c < 1150)).isTrue());
    }
  }

  /** Another algorithm would give every run other bits, resumed ones too. */
  @Test
  void goldenValues() {
    assertThat(Seeds.permutation(10, 42, 1, 0)).containsExactly(8, 3, 0, 7, 2, 9, 5, 4, 6, 1);
    assertThat(Seeds.permutation(10, -1, 20, 7)).containsExactly(5, 6, 0, 1, 2, 4, 9, 8, 3, 7);
    assertThat(Seeds.at(42).nextLong()).isEqualTo(6332618229526065668L);
    assertThat(Seeds.at(42, 1, 2, 3).nextLong()).isEqualTo(-7444120757358644238L);
  }
}
