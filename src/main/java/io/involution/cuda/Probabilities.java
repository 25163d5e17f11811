package io.involution.cuda;

/** Softmax of logits on the host, the same bits on every host. */
final class Probabilities {
  private Probabilities() {}

  /**
   * The probabilities of the classes.
   *
   * @param logits row by row
   * @param rows how many
   * @return {@code [rows][classes]}; NaN where a row has a logit that is NaN
   */
  static float[][] of(float[] logits, int rows) {
    int classes = logits.length / rows;
    float[][] probabilities = new float[rows][classes];
    double[] powers = new double[classes];
    for (int row = 0; row < rows; row++) {
      double largest = logits[row * classes];
      for (int j = 1; j < classes; j++) {
        largest = Math.max(largest, logits[row * classes + j]);
      }
      double sum = 0;
      for (int j = 0; j < classes; j++) {
        powers[j] = StrictMath.exp(logits[row * classes + j] - largest);
        sum += powers[j];
      }
      for (int j = 0; j < classes; j++) {
        probabilities[row][j] = (float) (powers[j] / sum);
      }
    }
    return probabilities;
  }
}
