package io.involution.cuda.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.layers.ConvolutionBlock;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.activation.Winners;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Inputs of a convolution block, and what comes of them in float64 by its definition. */
final class ConvolutionCase {
  private static final double MOST_ERROR = 1e-6;

  /** Pixels in a window that are closer than this may be chosen otherwise by rounded sums. */
  private static final double TIE = 2e-6;

  private final ConvolutionBlock block;
  private final ConvolutionShape shape;
  private final int count;
  private float[] images;
  private float[] parameters;
  private float[] outputGradients;
  private double[] convolved;
  private double[] outputs;
  private byte[] choices;

  private ConvolutionCase(ConvolutionBlock block, int height, int width, int count) {
    this.block = block;
    this.count = count;
    shape = block.shape(height, width);
  }

  /** Small multiples of 1/8, of which float32 sums are exact and often equal. */
  static ConvolutionCase dyadic(
      ConvolutionBlock block, int height, int width, int count, Random random) {
    ConvolutionCase made = new ConvolutionCase(block, height, width, count);
    made.fill(() -> random.nextInt(9) / 8f - 0.5f);
    return made;
  }

  /** Values between -1 and 1, with no window of the pool near a tie. */
  static ConvolutionCase real(
      ConvolutionBlock block, int height, int width, int count, Random random) {
    ConvolutionCase made = new ConvolutionCase(block, height, width, count);
    do {
      made.fill(() -> 2 * random.nextFloat() - 1);
      made.compute();
    } while (made.nearTie());
    return made;
  }

  private interface Draw {
    float next();
  }

  private void fill(Draw draw) {
    images = draw(count * shape.imageLength(), draw);
    parameters = draw(shape.filters + shape.weightCount(), draw);
    if (!block.hasBias()) {
      Arrays.fill(parameters, 0, shape.filters, 0);
    }
    outputGradients = draw(count * shape.finalLength(), draw);
    convolved = null;
  }

  private static float[] draw(int length, Draw draw) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = draw.next();
    }
    return values;
  }

  ConvolutionBlock block() {
    return block;
  }

  ConvolutionShape shape() {
    return shape;
  }

  int count() {
    return count;
  }

  float[] images() {
    return images;
  }

  /** The block's own parameters. */
  float[] parameters() {
    return Arrays.copyOfRange(parameters, block.hasBias() ? 0 : shape.filters, parameters.length);
  }

  float[] outputGradients() {
    return outputGradients;
  }

  /** The nearest float32 values. */
  private static float[] floats(double... values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  double[] outputs() {
    compute();
    return outputs;
  }

  /** Checks that a device computed just this. */
  void assertEqual(ConvolutionRun run, String text) {
    assertThat(run.outputs()).as(text).isEqualTo(floats(outputs()));
    assertThat(run.parameterGradients()).as(text).isEqualTo(floats(parameterGradients()));
    assertThat(run.inputGradients()).as(text).isEqualTo(floats(inputGradients()));
  }

  /** Checks that what a device computed is within 1e-6 of this, as a root of mean squares. */
  void assertClose(ConvolutionRun run, String text) {
    assertThat(errors(run)).as(text).allSatisfy(error -> assertThat(error).isLessThan(MOST_ERROR));
  }

  /** Errors of outputs, parameters' gradients, and input's gradient, as roots of mean squares. */
  List<Double> errors(ConvolutionRun run) {
    return List.of(
        error(run.outputs(), outputs()),
        error(run.parameterGradients(), parameterGradients()),
        error(run.inputGradients(), inputGradients()));
  }

  private static double error(float[] got, double[] wanted) {
    assertThat(got).hasSameSizeAs(wanted);
    double error = 0;
    double size = 0;
    for (int i = 0; i < wanted.length; i++) {
      error += (got[i] - wanted[i]) * (got[i] - wanted[i]);
      size += wanted[i] * wanted[i];
    }
    return Math.sqrt(error / size);
  }

  private interface Product {
    void of(int image, int output, int pixel, int weight);
  }

  /** Calls for each product of the convolution; output, pixel and weight are places in arrays. */
  private void products(Product product) {
    ConvolutionShape s = shape;
    int k = s.kernelSize;
    int outputs = count * s.filters * s.outHeight * s.outWidth;
    for (int at = 0; at < outputs; at++) {
      int x = at % s.outWidth;
      int y = at / s.outWidth % s.outHeight;
      int f = at / s.outWidth / s.outHeight % s.filters;
      int n = at / s.outWidth / s.outHeight / s.filters;
      for (int w = 0; w < s.patchLength(); w++) {
        int row = y * s.stride + w / k % k - s.padTop;
        int column = x * s.stride + w % k - s.padLeft;
        if (row >= 0 && row < s.height && column >= 0 && column < s.width) {
          int channel = w / k / k;
          int pixel = ((n * s.channels + channel) * s.height + row) * s.width + column;
          product.of(n, at, pixel, s.filters + f * s.patchLength() + w);
        }
      }
    }
  }

  private void compute() {
    if (convolved != null) {
      return;
    }
    convolved = new double[count * shape.filters * shape.outHeight * shape.outWidth];
    for (int i = 0; i < convolved.length; i++) {
      convolved[i] = parameters[filter(i)];
    }
    products((n, at, pixel, w) -> convolved[at] += (double) parameters[w] * images[pixel]);
    outputs = new double[count * shape.finalLength()];
    choices = new byte[outputs.length];
    double floor = shape.relu ? 0 : Double.NEGATIVE_INFINITY;
    for (int i = 0; i < outputs.length; i++) {
      double a = convolved[place(i, 0)];
      double b = convolved[place(i, 1)];
      double c = convolved[place(i, 2)];
      double d = convolved[place(i, 3)];
      double value = shape.pool ? Winners.largest(a, b, c, d) : a;
      outputs[i] = Math.max(value, floor);
      choices[i] = Winners.mark(value, floor, shape.pool ? Winners.place(a, b, c, d) : 0);
    }
  }

  private int filter(int convolvedAt) {
    return convolvedAt / (shape.outHeight * shape.outWidth) % shape.filters;
  }

  /** Where a window's value is among the convolution's outputs. */
  private int place(int output, int inWindow) {
    if (!shape.pool) {
      return output;
    }
    int x = output % shape.finalWidth * 2 + inWindow % 2;
    int y = output / shape.finalWidth % shape.finalHeight * 2 + inWindow / 2;
    int plane = output / shape.finalWidth / shape.finalHeight;
    return (plane * shape.outHeight + y) * shape.outWidth + x;
  }

  private boolean nearTie() {
    for (int i = 0; i < outputs.length; i++) {
      int close = 0;
      for (int window = 0; window < (shape.pool ? 4 : 1); window++) {
        double value = convolved[place(i, window)];
        close += Math.abs(value - outputs[i]) < TIE ? 1 : 0;
        close += shape.relu && Math.abs(value) < TIE ? 2 : 0;
      }
      if (close > 1) {
        return true;
      }
    }
    return false;
  }

  private double[] convolvedGradients() {
    compute();
    double[] gradients = new double[convolved.length];
    for (int i = 0; i < outputs.length; i++) {
      if (choices[i] != Winners.INACTIVE) {
        gradients[place(i, choices[i])] = outputGradients[i];
      }
    }
    return gradients;
  }

  /** Gradients of the block's parameters; NaN for those of frozen filters, which nobody makes. */
  double[] parameterGradients() {
    double[] all = allGradients();
    if (block.hasFrozenFilters()) {
      Arrays.fill(all, shape.filters, all.length, Double.NaN);
    }
    return Arrays.copyOfRange(all, block.hasBias() ? 0 : shape.filters, all.length);
  }

  private double[] allGradients() {
    double[] from = convolvedGradients();
    double[] gradients = new double[parameters.length];
    for (int i = 0; i < from.length; i++) {
      gradients[filter(i)] += from[i];
    }
    products((n, at, pixel, w) -> gradients[w] += from[at] * images[pixel]);
    return gradients;
  }

  double[] inputGradients() {
    double[] from = convolvedGradients();
    double[] gradients = new double[images.length];
    products((n, at, pixel, w) -> gradients[pixel] += from[at] * parameters[w]);
    return gradients;
  }
}
