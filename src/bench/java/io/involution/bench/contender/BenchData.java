package io.involution.bench.contender;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import java.util.SplittableRandom;

/**
 * The same learnable examples for every contender, a few minibatches that are gone through again
 * and again: a class is a colour and the direction of a stripe, under noise.
 */
public final class BenchData {
  /** Minibatches of a pass over the data. */
  public static final int BATCHES = 4;

  private static final long SEED = 20_240_907;
  private static final int SIDE = ImageShape.CIFAR10.width();
  private static final int PLANE = SIDE * ImageShape.CIFAR10.height();

  private final int batch;
  private final byte[] pixels;
  private final short[] labels;

  /** Makes the examples of {@link #BATCHES} minibatches. */
  public BenchData(int batch) {
    this.batch = batch;
    int examples = batch * BATCHES;
    pixels = new byte[examples * ImageShape.CIFAR10.pixels()];
    labels = new short[examples];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int example = 0; example < examples; example++) {
      labels[example] = (short) random.nextInt(DataSchema.CIFAR10.classCount());
      draw(example, random);
    }
  }

  private void draw(int example, SplittableRandom random) {
    int label = labels[example];
    double angle = Math.PI * label / DataSchema.CIFAR10.classCount();
    double phase = random.nextDouble() * 2 * Math.PI;
    for (int place = 0; place < PLANE; place++) {
      int row = place / SIDE;
      int column = place % SIDE;
      double along = Math.cos(angle) * column + Math.sin(angle) * row;
      double stripe = 40 * Math.sin(0.8 * along + phase);
      for (int channel = 0; channel < ImageShape.CIFAR10.channels(); channel++) {
        double colour = 128 + 40 * Math.cos(angle * 2 + channel * 2.1);
        double value = colour + stripe + 60 * (random.nextDouble() - 0.5);
        pixels[example * ImageShape.CIFAR10.pixels() + channel * PLANE + place] =
            (byte) Math.max(0, Math.min(255, value));
      }
    }
  }

  /** Examples of a minibatch. */
  public int batch() {
    return batch;
  }

  /** The examples as this project's workers hold them. */
  public Shard shard() {
    return new Shard(ImageShape.CIFAR10, DataSchema.CIFAR10.classCount(), pixels, labels);
  }

  /** One minibatch's images, {@code [batch, 3, 32, 32]}, pixel / 255. */
  public float[] channelsFirst(int minibatch) {
    int length = batch * ImageShape.CIFAR10.pixels();
    float[] images = new float[length];
    for (int i = 0; i < length; i++) {
      images[i] = (pixels[minibatch * length + i] & 0xff) / 255f;
    }
    return images;
  }

  /** One minibatch's images, {@code [batch, 32, 32, 3]}, pixel / 255. */
  public float[] channelsLast(int minibatch) {
    float[] planes = channelsFirst(minibatch);
    float[] images = new float[planes.length];
    for (int i = 0; i < planes.length; i++) {
      int example = i / ImageShape.CIFAR10.pixels();
      int channel = i % ImageShape.CIFAR10.pixels() / PLANE;
      int place = i % PLANE;
      images[
              example * ImageShape.CIFAR10.pixels()
                  + place * ImageShape.CIFAR10.channels()
                  + channel] =
          planes[i];
    }
    return images;
  }

  /** One minibatch's labels, {@code [batch, 10]}, a 1 at the class. */
  public float[] oneHot(int minibatch) {
    float[] rows = new float[batch * DataSchema.CIFAR10.classCount()];
    for (int i = 0; i < batch; i++) {
      rows[i * DataSchema.CIFAR10.classCount() + labels[minibatch * batch + i]] = 1;
    }
    return rows;
  }
}
