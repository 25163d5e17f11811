package io.involution.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.training.EvaluationOptions.TestTime;
import io.involution.data.ImageShape;
import io.involution.data.ImageView;
import io.involution.data.Shard;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against airbench94's evaluation written out with logits, as PyTorch would compute it. */
class ViewMeanTest {
  private static final ImageShape SHAPE = new ImageShape(2, 5, 6);
  private static final int CLASSES = 4;
  private static final int SIZE = 23;

  private final Random random = new Random(11);
  private final double[][] weights = new double[CLASSES][SHAPE.pixels()];

  ViewMeanTest() {
    for (double[] row : weights) {
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextGaussian() / 1000;
      }
    }
  }

  private Shard shard() {
    byte[] pixels = new byte[SIZE * SHAPE.pixels()];
    random.nextBytes(pixels);
    short[] labels = new short[SIZE];
    for (int i = 0; i < SIZE; i++) {
      labels[i] = (short) random.nextInt(CLASSES);
    }
    return new Shard(SHAPE, CLASSES, pixels, labels);
  }

  private double[] logits(int[][][] image) {
    double[] logits = new double[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      int i = 0;
      for (int[][] plane : image) {
        for (int[] row : plane) {
          for (int pixel : row) {
            logits[c] += weights[c][i++] * pixel;
          }
        }
      }
    }
    return logits;
  }

  private static double[] softmax(double[] logits) {
    double sum = 0;
    double[] shares = new double[logits.length];
    for (int c = 0; c < logits.length; c++) {
      shares[c] = Math.exp(logits[c]);
      sum += shares[c];
    }
    for (int c = 0; c < logits.length; c++) {
      shares[c] /= sum;
    }
    return shares;
  }

  private static int[][][] image(Shard shard, int example) {
    int[][][] image = new int[2][5][6];
    int place = shard.offset(example);
    for (int[][] plane : image) {
      for (int[] row : plane) {
        for (int x = 0; x < row.length; x++) {
          row[x] = shard.pixels()[place++] & 0xff;
        }
      }
    }
    return image;
  }

  /** The image in the middle of a frame of one pixel, reflected; then a part of it. */
  private static int[][][] crop(int[][][] image, int top, int left, boolean mirror) {
    int[][][] crop = new int[2][5][6];
    for (int c = 0; c < 2; c++) {
      int[][] padded = new int[7][8];
      for (int y = 0; y < 7; y++) {
        for (int x = 0; x < 8; x++) {
          int row = y == 0 ? 1 : y == 6 ? 3 : y - 1;
          int column = x == 0 ? 1 : x == 7 ? 4 : x - 1;
          padded[y][x] = image[c][row][column];
        }
      }
      for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 6; x++) {
          crop[c][y][x] = padded[top + y][left + (mirror ? 5 - x : x)];
        }
      }
    }
    return crop;
  }

  private double[] mirrored(int[][][] image, int top, int left) {
    double[] first = logits(crop(image, top, left, false));
    double[] second = logits(crop(image, top, left, true));
    for (int c = 0; c < CLASSES; c++) {
      first[c] = 0.5 * first[c] + 0.5 * second[c];
    }
    return first;
  }

  private double[] expected(int[][][] image, TestTime choice) {
    double[] middle = mirrored(image, 1, 1);
    if (choice == TestTime.FLIP) {
      return softmax(middle);
    }
    double[] first = mirrored(image, 0, 0);
    double[] second = mirrored(image, 2, 2);
    for (int c = 0; c < CLASSES; c++) {
      middle[c] = 0.5 * middle[c] + 0.25 * first[c] + 0.25 * second[c];
    }
    return softmax(middle);
  }

  private float[][] network(Shard shard) {
    float[][] probabilities = new float[shard.size()][CLASSES];
    for (int i = 0; i < shard.size(); i++) {
      double[] exact = softmax(logits(image(shard, i)));
      for (int c = 0; c < CLASSES; c++) {
        probabilities[i][c] = (float) exact[c];
      }
    }
    return probabilities;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLIP", "FLIP_SHIFT"})
  void theMeanIsThatOfTheLogits(TestTime choice) {
    Shard shard = shard();

    Evaluation found = ViewMean.evaluate(shard, 7, choice, this::network);

    double lossSum = 0;
    int correct = 0;
    for (int i = 0; i < SIZE; i++) {
      double[] row = expected(image(shard, i), choice);
      lossSum -= Math.log(row[shard.label(i)]);
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = row[c] > row[best] ? c : best;
      }
      correct += best == shard.label(i) ? 1 : 0;
    }
    assertThat(found.lossSum()).isCloseTo(lossSum, within(1e-5 * lossSum));
    assertThat(found.correct()).isEqualTo(correct);
    assertThat(found.examples()).isEqualTo(SIZE);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLIP", "FLIP_SHIFT"})
  void thePlainFiguresAreThoseOfAPlainEvaluation(TestTime choice) {
    Shard shard = shard();
    Evaluation plain =
        Evaluator.evaluate(
            shard, 7, (from, to) -> network(shard.viewed(ImageView.WHOLE, from, to)));

    PlainSums found = ViewMean.evaluate(shard, 7, choice, this::network).plain().orElseThrow();

    assertThat(found.lossSum()).isEqualTo(plain.lossSum());
    assertThat(found.correct()).isEqualTo(plain.correct());
    assertThat(plain.plain()).isEmpty();
    Evaluation half = ViewMean.evaluate(shard, 7, choice, this::network);
    assertThat(Evaluation.sum(List.of(half, half)).plain().orElseThrow().correct())
        .isEqualTo(2 * plain.correct());
    assertThat(Evaluation.sum(List.of(half, plain)).plain()).isEmpty();
  }

  /** One view that is sure of a class leaves the others something to say. */
  @Test
  void whatUnderflowsOrIsNoNumberIsSeen() {
    Shard shard = shard();
    Evaluation sure =
        ViewMean.evaluate(
            shard, 100, TestTime.FLIP, seen -> rows(seen.size(), new float[] {1, 0, 0, 0}));
    assertThat(sure.lossSum()).isFinite();

    Evaluation broken =
        ViewMean.evaluate(
            shard, 100, TestTime.FLIP, seen -> rows(seen.size(), new float[] {Float.NaN, 0, 0, 0}));
    assertThat(broken.lossSum()).isNaN();
  }

  private static float[][] rows(int count, float[] row) {
    float[][] rows = new float[count][];
    Arrays.fill(rows, row);
    return rows;
  }
}
