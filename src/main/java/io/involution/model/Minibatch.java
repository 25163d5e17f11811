package io.involution.model;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.layers.ImageChunks;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns uint8 examples into the float32 arrays that a network takes: images scaled to [0, 1] and
 * one-hot labels. The arrays are kept from minibatch to minibatch, one pair for each size.
 */
public final class Minibatch implements AutoCloseable {
  private static final float[] SCALED = scaled();

  private final Map<Integer, Arrays> bySize = new HashMap<>();
  private float[] pixels = new float[0];
  private Arrays current;

  /** The images and labels of one minibatch size. */
  private record Arrays(INDArray images, INDArray labels) {}

  /**
   * Loads examples; {@link #images()} and {@link #labels()} then hold them.
   *
   * @param shard where the examples are
   * @param order places in the shard, in the order in which a pass takes them
   * @param from first place in {@code order}, inclusive
   * @param to last place in {@code order}, exclusive
   */
  public void load(Shard shard, int[] order, int from, int to) {
    int size = to - from;
    current = bySize.computeIfAbsent(size, Minibatch::allocate);
    int length = size * ImageShape.PIXELS;
    if (pixels.length < length) {
      pixels = new float[length];
    }
    FloatBuffer images = current.images.data().asNioFloat();
    ImageChunks.run(
        size,
        (slot, chunk, first, until) -> {
          for (int i = first; i < until; i++) {
            int example = order[from + i];
            scale(shard.pixels(), example * ImageShape.PIXELS, pixels, i * ImageShape.PIXELS);
          }
          int start = first * ImageShape.PIXELS;
          images.put(start, pixels, start, until * ImageShape.PIXELS - start);
        });
    float[] labels = new float[size * ImageShape.CLASSES];
    for (int i = 0; i < size; i++) {
      labels[i * ImageShape.CLASSES + shard.label(order[from + i])] = 1;
    }
    current.labels.data().asNioFloat().put(labels);
  }

  /** Images, {@code [size, 3, 32, 32]}, pixel / 255. */
  public INDArray images() {
    return current.images;
  }

  /** One-hot labels, {@code [size, 10]}. */
  public INDArray labels() {
    return current.labels;
  }

  /** Frees the arrays. */
  @Override
  public void close() {
    for (Arrays arrays : bySize.values()) {
      arrays.images.close();
      arrays.labels.close();
    }
    bySize.clear();
  }

  private static Arrays allocate(int size) {
    return new Arrays(
        Nd4j.create(DataType.FLOAT, size, ImageShape.CHANNELS, ImageShape.HEIGHT, ImageShape.WIDTH),
        Nd4j.create(DataType.FLOAT, size, ImageShape.CLASSES));
  }

  private static void scale(byte[] source, int from, float[] target, int to) {
    for (int i = 0; i < ImageShape.PIXELS; i++) {
      target[to + i] = SCALED[source[from + i] & 0xff];
    }
  }

  private static float[] scaled() {
    float[] scaled = new float[256];
    for (int value = 0; value < scaled.length; value++) {
      scaled[value] = value / 255f;
    }
    return scaled;
  }
}
