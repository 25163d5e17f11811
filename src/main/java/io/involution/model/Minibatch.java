package io.involution.model;

import io.involution.compute.ImageChunks;
import io.involution.data.ImageShape;
import io.involution.data.ImageView;
import io.involution.data.ImageView.Square;
import io.involution.data.Shard;
import io.involution.model.MinibatchArrays.Pair;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Converts uint8 examples to the float32 arrays that a network takes: images scaled to [0, 1], or
 * normalized, and one-hot labels. The arrays are reused from minibatch to minibatch, one pair for
 * each of the sizes that were used last; those of other sizes are closed.
 */
public final class Minibatch implements AutoCloseable {
  private static final long[] AS_THEY_ARE = {};

  /** The number of each value of a pixel, by channel. */
  private final float[][] scaled = new float[ImageShape.MOST_CHANNELS][];

  private final MinibatchArrays arrays = new MinibatchArrays();

  /** Of their own, so that {@link #load} never takes the place of images that were added. */
  private final MinibatchArrays reserved = new MinibatchArrays();

  private float[] pixels = new float[0];
  private Pair current;

  /** What images are added to, one by one: an array, and its memory. */
  private INDArray room;

  private FloatBuffer places;

  /**
   * Empty arrays.
   *
   * @param normalization what is done to the pixels
   */
  public Minibatch(Normalization normalization) {
    for (int channel = 0; channel < scaled.length; channel++) {
      scaled[channel] = normalization.table(channel);
    }
  }

  /** Empty arrays for images that are only scaled. */
  public Minibatch() {
    this(Normalization.NONE);
  }

  /**
   * Makes room for images that are added one by one.
   *
   * @param images the most that {@link #take} makes a minibatch of
   */
  public void reserve(ImageShape image, int images) {
    room = reserved.of(images, image, 0).images();
    places = room.data().asNioFloat();
    prepare(image.pixels());
  }

  /**
   * Scales an image to a place that was reserved, for {@link #take}.
   *
   * @param planes its bytes, channel after channel
   * @param place of the image in the minibatch
   */
  public void add(ImageShape image, byte[] planes, int place) {
    scale(image, planes, 0, pixels, 0);
    places.put(place * image.pixels(), pixels, 0, image.pixels());
  }

  /**
   * Scales an image to a place that was reserved, for {@link #take}.
   *
   * @param bytes one for each channel of each pixel
   * @param place of the image in the minibatch
   */
  public void addInterleaved(ImageShape image, byte[] bytes, int place) {
    if (image.channels() == 3) {
      scaleThree(bytes, image.plane());
    } else {
      int to = 0;
      for (int channel = 0; channel < image.channels(); channel++) {
        float[] numbers = scaled[channel];
        for (int at = channel; at < image.pixels(); at += image.channels()) {
          pixels[to++] = numbers[bytes[at] & 0xff];
        }
      }
    }
    places.put(place * image.pixels(), pixels, 0, image.pixels());
  }

  private void scaleThree(byte[] bytes, int plane) {
    float[] target = pixels;
    float[] first = scaled[0];
    float[] second = scaled[1];
    float[] third = scaled[2];
    for (int pixel = 0; pixel < plane; pixel++) {
      target[pixel] = first[bytes[3 * pixel] & 0xff];
      target[plane + pixel] = second[bytes[3 * pixel + 1] & 0xff];
      target[2 * plane + pixel] = third[bytes[3 * pixel + 2] & 0xff];
    }
  }

  /** Makes {@link #images()} of the images at the first places; they have no labels. */
  public void take(int count) {
    boolean all = count == room.size(0);
    current = new Pair(all ? room : room.get(NDArrayIndex.interval(0, count)), null);
  }

  private void prepare(int length) {
    if (pixels.length < length) {
      pixels = new float[length];
    }
  }

  /**
   * Loads examples; {@link #images()} and {@link #labels()} then hold them.
   *
   * @param shard the examples
   * @param order indices in the shard, in the order in which an epoch uses them
   * @param from first index into {@code order}, inclusive
   * @param to last index into {@code order}, exclusive
   */
  public void load(Shard shard, int[] order, int from, int to) {
    load(shard, order, AS_THEY_ARE, from, to);
  }

  /**
   * The same with augmented images.
   *
   * @param views the code of each example's {@link ImageView}, by index in the shard; empty for
   *     unchanged images
   */
  public void load(Shard shard, int[] order, long[] views, int from, int to) {
    int size = to - from;
    current = arrays.of(size, shard.image(), shard.classes());
    ImageShape image = shard.image();
    int each = image.pixels();
    prepare(Math.multiplyExact(size, each));
    FloatBuffer images = current.images().data().asNioFloat();
    ImageChunks.run(
        size,
        (thread, chunk) -> {
          for (int i = chunk.from(); i < chunk.to(); i++) {
            int example = order[from + i];
            int source = shard.offset(example);
            if (views.length == 0) {
              scale(image, shard.pixels(), source, pixels, i * each);
            } else {
              ImageView view = ImageView.of(views[example]);
              new Scaling(image, view, scaled).run(shard.pixels(), source, pixels, i * each);
            }
          }
          int start = chunk.from() * each;
          images.put(start, pixels, start, chunk.images() * each);
        });
    float[] labels = new float[Math.multiplyExact(size, shard.classes())];
    for (int i = 0; i < size; i++) {
      labels[i * shard.classes() + shard.label(order[from + i])] = 1;
    }
    current.labels().data().asNioFloat().put(labels);
  }

  /** Images, {@code [size, channels, height, width]}, pixel / 255, normalized. */
  public INDArray images() {
    return current.images();
  }

  /** One-hot labels, {@code [size, classes]}; null where there are none. */
  public INDArray labels() {
    return current.labels();
  }

  /** Frees the arrays. */
  @Override
  public void close() {
    arrays.close();
    reserved.close();
  }

  /** Of how many sizes examples have arrays. */
  int kept() {
    return arrays.kept();
  }

  private void scale(ImageShape image, byte[] source, int from, float[] target, int to) {
    int plane = image.plane();
    for (int channel = 0; channel < image.channels(); channel++) {
      float[] numbers = scaled[channel];
      for (int i = channel * plane; i < (channel + 1) * plane; i++) {
        target[to + i] = numbers[source[from + i] & 0xff];
      }
    }
  }

  /** Scales an augmented view of an image. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scaling(ImageShape image, ImageView view, float[][] scaled) {
    void run(byte[] source, int from, float[] target, int to) {
      int[] columns = view.sourceColumns(image.width());
      int place = to;
      for (int channel = 0; channel < image.channels(); channel++) {
        int plane = from + channel * image.plane();
        float[] numbers = scaled[channel];
        for (int row = 0; row < image.height(); row++) {
          int sourceRow = view.sourceRow(row, image.height());
          for (int column : columns) {
            boolean inside = sourceRow >= 0 && column >= 0;
            int pixel = inside ? plane + sourceRow * columns.length + column : 0;
            // What is outside is black.
            target[place++] = numbers[inside ? source[pixel] & 0xff : 0];
          }
        }
        cut(target, place - image.plane());
      }
    }

    private void cut(float[] target, int plane) {
      Square square = view.cutout();
      for (int row = square.row(); row < square.row() + square.size(); row++) {
        int first = plane + row * image.width() + square.column();
        Arrays.fill(target, first, first + square.size(), 0);
      }
    }
  }
}
