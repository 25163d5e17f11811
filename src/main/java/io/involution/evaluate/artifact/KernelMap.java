package io.involution.evaluate.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The kernels that an involution layer generated for one image: one K x K kernel per group and
 * position.
 *
 * @param layer the layer's name
 * @param taps K x K
 * @param groups G
 * @param height rows of positions
 * @param width columns of positions
 * @param values base64 of little-endian float32 {@code [taps, groups, height, width]}
 */
public record KernelMap(String layer, int taps, int groups, int height, int width, String values) {

  /** Checks that there is a weight for every tap, group and position. */
  public KernelMap {
    long most = values.length();
    for (int size : new int[] {taps, groups, height, width}) {
      if (size < 1 || size > most) {
        throw new IllegalArgumentException("kernels of size " + size);
      }
    }
    long weights = bounded(bounded((long) taps * groups, most) * height, most) * width;
    int length = Base64.getDecoder().decode(values).length;
    if (side(taps) * side(taps) != taps || length != weights * Float.BYTES) {
      throw new IllegalArgumentException("kernels of " + length + " bytes");
    }
  }

  private static long bounded(long product, long most) {
    if (product > most) {
      throw new IllegalArgumentException("kernels of more values than there are");
    }
    return product;
  }

  /**
   * The kernels of one image.
   *
   * @param shape K x K, G, rows and columns of positions
   * @param weights {@code [taps, groups, height, width]}
   */
  public static KernelMap of(String layer, long[] shape, float[] weights) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * weights.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights);
    return new KernelMap(
        layer,
        (int) shape[0],
        (int) shape[1],
        (int) shape[2],
        (int) shape[3],
        Base64.getEncoder().encodeToString(bytes.array()));
  }

  /** K. */
  public int size() {
    return side(taps);
  }

  /** The sum of the kernel's weights over taps and groups at every position. */
  public double[][] sums() {
    FloatBuffer weights = weights();
    double[][] sums = new double[height][width];
    for (int kernel = 0; kernel < taps * groups; kernel++) {
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          sums[row][column] += weights.get((kernel * height + row) * width + column);
        }
      }
    }
    return sums;
  }

  /** The kernels of the groups at the center position, each {@code [K][K]}. */
  public List<double[][]> center() {
    FloatBuffer weights = weights();
    List<double[][]> kernels = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      double[][] kernel = new double[size()][size()];
      for (int tap = 0; tap < taps; tap++) {
        int row = (tap * groups + group) * height + height / 2;
        kernel[tap / size()][tap % size()] = weights.get(row * width + width / 2);
      }
      kernels.add(kernel);
    }
    return kernels;
  }

  private FloatBuffer weights() {
    byte[] bytes = Base64.getDecoder().decode(values);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static int side(int taps) {
    return (int) Math.round(Math.sqrt(taps));
  }
}
