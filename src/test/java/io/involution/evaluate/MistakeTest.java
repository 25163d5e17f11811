package io.involution.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.evaluate.artifact.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MistakeTest {
  @Test
  void shardsTogetherGiveTheSameMistakesAsOneShard() {
    Random random = new Random(3);
    Shard whole = ShardFixture.of(new byte[90 * ImageShape.CIFAR10.pixels()], new short[90]);
    float[] probabilities = new float[90];
    for (int i = 0; i < probabilities.length; i++) {
      // Few different values: equals are told apart by their place.
      probabilities[i] = random.nextInt(8) / 8f;
      whole.pixels()[i * ImageShape.CIFAR10.pixels()] = (byte) i;
    }

    Evaluation one = evaluation(whole, probabilities, 0, 90);
    Evaluation three =
        Evaluation.sum(
            List.of(
                evaluation(whole, probabilities, 0, 40),
                evaluation(whole, probabilities, 40, 41),
                evaluation(whole, probabilities, 41, 90)));

    assertThat(three.mistakes()).hasSize(WorstMistakes.KEPT).isEqualTo(one.mistakes());
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      expected.add(i);
    }
    expected.sort((a, b) -> Float.compare(probabilities[b], probabilities[a]));
    assertThat(three.mistakes().stream().map(Mistake::index))
        .isEqualTo(expected.subList(0, WorstMistakes.KEPT));
  }

  private static Evaluation evaluation(Shard whole, float[] probabilities, int from, int to) {
    byte[] pixels = new byte[(to - from) * ImageShape.CIFAR10.pixels()];
    System.arraycopy(whole.pixels(), from * ImageShape.CIFAR10.pixels(), pixels, 0, pixels.length);
    Shard shard = ShardFixture.of(pixels, new short[to - from]);
    WorstMistakes mistakes = new WorstMistakes();
    for (int i = from; i < to; i++) {
      mistakes.add(shard, i - from, 1, probabilities[i]);
    }
    long[][] confusion = new long[DataSchema.CIFAR10.classCount()][DataSchema.CIFAR10.classCount()];
    confusion[0][1] = (long) to - from;
    return new Evaluation(0, ConfusionCounts.of(confusion), mistakes.withPixels(shard));
  }
}
