package io.involution.layers;

/**
 * The convolution block by its definition, in float64 and plain loops: what the fast code is
 * compared with. Shares nothing with it, sizes and padding included.
 */
final class PlainConvolution {
  private static final double KINK = 1e-3;

  final int images;
  final int channels;
  final int height;
  final int width;
  final int filters;
  final int kernel;
  final int stride;
  final boolean pool;
  final boolean relu;
  final int outHeight;
  final int outWidth;
  private final int top;
  private final int left;

  /** Convolution outputs with bias, before ReLU and pool. */
  double[] sums;

  PlainConvolution(ConvolutionBlock block, int images, int height, int width) {
    this.images = images;
    this.height = height;
    this.width = width;
    channels = (int) block.getNIn();
    filters = (int) block.getNOut();
    kernel = block.getKernelSize();
    stride = block.getStride();
    pool = block.isPool();
    relu = block.isRelu();
    boolean same = block.isSame();
    outHeight = out(height, same);
    outWidth = out(width, same);
    top = same ? Math.max(0, (outHeight - 1) * stride + kernel - height) / 2 : 0;
    left = same ? Math.max(0, (outWidth - 1) * stride + kernel - width) / 2 : 0;
  }

  private int out(int size, boolean same) {
    return same
        ? (int) Math.ceil(size / (double) stride)
        : (int) Math.floor((size - kernel) / (double) stride) + 1;
  }

  /** Whether an image gives at least one output. */
  boolean exists() {
    int least = pool ? 2 : 1;
    return outHeight >= least && outWidth >= least;
  }

  int finalHeight() {
    return pool ? outHeight / 2 : outHeight;
  }

  int finalWidth() {
    return pool ? outWidth / 2 : outWidth;
  }

  long[] inputShape() {
    return new long[] {images, channels, height, width};
  }

  long[] outputShape() {
    return new long[] {images, filters, finalHeight(), finalWidth()};
  }

  int outputLength() {
    return images * filters * finalHeight() * finalWidth();
  }

  private interface Tap {
    void at(int sum, int weight, int pixel);
  }

  private void forEachTap(Tap tap) {
    for (int n = 0; n < images; n++) {
      for (int f = 0; f < filters; f++) {
        for (int y = 0; y < outHeight; y++) {
          for (int x = 0; x < outWidth; x++) {
            int sum = ((n * filters + f) * outHeight + y) * outWidth + x;
            taps(tap, sum, n, f, new int[] {y, x});
          }
        }
      }
    }
  }

  private void taps(Tap tap, int sum, int n, int f, int[] position) {
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < kernel; i++) {
        for (int j = 0; j < kernel; j++) {
          int row = position[0] * stride + i - top;
          int column = position[1] * stride + j - left;
          if (row >= 0 && row < height && column >= 0 && column < width) {
            tap.at(
                sum,
                ((f * channels + c) * kernel + i) * kernel + j,
                ((n * channels + c) * height + row) * width + column);
          }
        }
      }
    }
  }

  double[] forward(double[] pixels, double[] weights, double[] biases) {
    sums = new double[images * filters * outHeight * outWidth];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = biases.length == 0 ? 0 : biases[i / (outHeight * outWidth) % filters];
    }
    forEachTap((sum, weight, pixel) -> sums[sum] += weights[weight] * pixels[pixel]);
    double[] outputs = new double[outputLength()];
    for (int i = 0; i < outputs.length; i++) {
      double value = sums[winner(i)];
      outputs[i] = relu ? Math.max(0, value) : value;
    }
    return outputs;
  }

  /** Index of the convolution output that an output comes from. */
  private int winner(int output) {
    int x = output % finalWidth();
    int y = output / finalWidth() % finalHeight();
    int plane = output / finalWidth() / finalHeight();
    if (!pool) {
      return output;
    }
    int best = (plane * outHeight + 2 * y) * outWidth + 2 * x;
    for (int i = 1; i < 4; i++) {
      int other = (plane * outHeight + 2 * y + i / 2) * outWidth + 2 * x + i % 2;
      best = sums[other] > sums[best] ? other : best;
    }
    return best;
  }

  /** Whether float32 may rightly see another side of the ReLU or another winner of the pool. */
  boolean isBesideKink(int output) {
    int winner = winner(output);
    if (relu && Math.abs(sums[winner]) < KINK) {
      return true;
    }
    int plane = output / finalWidth() / finalHeight();
    int corner =
        (plane * outHeight + 2 * (output / finalWidth() % finalHeight())) * outWidth
            + 2 * (output % finalWidth());
    for (int i = 0; pool && i < 4; i++) {
      int other = corner + i / 2 * outWidth + i % 2;
      if (other != winner && Math.abs(sums[other] - sums[winner]) < KINK) {
        return true;
      }
    }
    return false;
  }

  /** Gradients {input, weights, biases} after forward of the same values. */
  double[][] backward(double[] pixels, double[] weights, double[] outputGradients) {
    double[] sumGradients = new double[sums.length];
    for (int i = 0; i < outputGradients.length; i++) {
      int winner = winner(i);
      sumGradients[winner] += relu && sums[winner] <= 0 ? 0 : outputGradients[i];
    }
    double[] input = new double[pixels.length];
    double[] weight = new double[weights.length];
    double[] bias = new double[filters];
    for (int i = 0; i < sumGradients.length; i++) {
      bias[i / (outHeight * outWidth) % filters] += sumGradients[i];
    }
    forEachTap(
        (sum, w, pixel) -> {
          input[pixel] += sumGradients[sum] * weights[w];
          weight[w] += sumGradients[sum] * pixels[pixel];
        });
    return new double[][] {input, weight, bias};
  }
}
