package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The kernels that an involution layer generated for one image: one K x K for every position. */
public final class KernelMap {
  private final String layer;
  private final int taps;
  private final int groups;
  private final int height;
  private final int width;
  private final float[] values;

  /**
   * Wraps them.
   *
   * @param layer the layer's name
   * @param taps K x K
   * @param groups G
   * @param height rows of positions
   * @param width columns of positions
   * @param values {@code [taps, groups, height, width]}; kept, not copied
   */
  public KernelMap(String layer, int taps, int groups, int height, int width, float[] values) {
    int side = (int) Math.round(Math.sqrt(taps));
    if (side * side != taps || values.length != taps * groups * height * width || taps < 1) {
      throw new IllegalArgumentException("kernels of " + values.length + " values");
    }
    this.layer = layer;
    this.taps = taps;
    this.groups = groups;
    this.height = height;
    this.width = width;
    this.values = values;
  }

  static KernelMap of(JsonNode map) {
    byte[] bytes = Base64.getDecoder().decode(map.path("values").asText());
    FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return new KernelMap(
        map.path("layer").asText(),
        map.path("taps").asInt(),
        map.path("groups").asInt(),
        map.path("height").asInt(),
        map.path("width").asInt(),
        values);
  }

  /** The layer's name. */
  public String layer() {
    return layer;
  }

  /** K. */
  public int size() {
    return (int) Math.round(Math.sqrt(taps));
  }

  /** G. */
  public int groups() {
    return groups;
  }

  /** Rows of positions. */
  public int height() {
    return height;
  }

  /** Columns of positions. */
  public int width() {
    return width;
  }

  /** One weight: tap by tap, row by row, of the kernel of a group at a position. */
  public float value(int tap, int group, int row, int column) {
    return values[((tap * groups + group) * height + row) * width + column];
  }

  /** The sum of the kernel's weights over taps and groups at every position. */
  public double[][] sums() {
    double[][] sums = new double[height][width];
    for (int tap = 0; tap < taps; tap++) {
      for (int group = 0; group < groups; group++) {
        for (int row = 0; row < height; row++) {
          for (int column = 0; column < width; column++) {
            sums[row][column] += value(tap, group, row, column);
          }
        }
      }
    }
    return sums;
  }

  /** The kernels of the groups at the middle position, each {@code [K][K]}. */
  public List<double[][]> middle() {
    List<double[][]> kernels = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      kernels.add(kernel(group, height / 2, width / 2));
    }
    return kernels;
  }

  private double[][] kernel(int group, int row, int column) {
    int size = size();
    double[][] kernel = new double[size][size];
    for (int tap = 0; tap < taps; tap++) {
      kernel[tap / size][tap % size] = value(tap, group, row, column);
    }
    return kernel;
  }
}
