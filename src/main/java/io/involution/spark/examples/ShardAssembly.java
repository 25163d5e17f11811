package io.involution.spark.examples;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.failure.InputException;
import io.involution.spark.examples.ShardRouting.Part;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import scala.Tuple2;

/** Builds shards on the executors that own them. */
final class ShardAssembly implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ImageShape image;
  private final int classes;

  ShardAssembly(DataSchema schema) {
    image = schema.image();
    classes = schema.classCount();
  }

  /**
   * Refuses shards that no array can hold.
   *
   * @throws InputException if a shard has too many bytes
   */
  void requireRoom(int examples) {
    long bytes = (long) examples * image.pixels();
    if (bytes > Integer.MAX_VALUE - 64) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "a worker's %,d images of %s are more than 2 GB: raise --workers or lower"
                  + " --image-size",
              examples,
              image));
    }
  }

  /** The shard of the examples that were sent to a partition. */
  Iterator<Shard> build(Part part, Iterator<Tuple2<Integer, Example>> sent) {
    List<Example> examples = new ArrayList<>();
    sent.forEachRemaining(pair -> examples.add(pair._2()));
    examples.sort(Comparator.comparing(Example::key));
    int size = part == null ? 0 : part.size();
    int before = part == null ? 0 : part.before();
    if (examples.size() < before + size) {
      throw new IllegalStateException(
          "the data has changed: a shard has fewer examples than there were when the run started");
    }
    byte[] pixels = new byte[size * image.pixels()];
    short[] labels = new short[size];
    for (int i = 0; i < size; i++) {
      Example example = examples.get(before + i);
      labels[i] = (short) example.label();
      System.arraycopy(example.pixels(), 0, pixels, i * image.pixels(), image.pixels());
    }
    return List.of(new Shard(image, classes, pixels, labels)).iterator();
  }
}
