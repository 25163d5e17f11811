package io.involution.data.synthetic;

import io.involution.data.DataFingerprint;
import io.involution.data.DataSchema;
import io.involution.data.Digests;
import io.involution.data.ExampleSource;
import io.involution.data.FileDigest;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * The built-in data set, for machines without CIFAR-10: images of ten figures, computed from (seed,
 * subset, index) only, so that every executor generates its own range in memory. A convolution
 * network learns it well; color, size and position are independent of the class.
 *
 * @param seed selects the images
 * @param trainExamples number of training examples, at least 1
 * @param testExamples number of test examples, at least 1
 */
public record SyntheticImages(long seed, int trainExamples, int testExamples)
    implements ExampleSource {

  /** The data set of {@code --data synthetic}: 10,000 training and 2,000 test examples. */
  public static final SyntheticImages STANDARD = new SyntheticImages(42, 10_000, 2_000);

  private static final DataSchema SCHEMA =
      new DataSchema(
          ImageShape.CIFAR10,
          Stream.of(SyntheticFigure.values())
              .map(figure -> figure.name().toLowerCase(Locale.ROOT).replace('_', ' '))
              .toList());

  /** Increment it whenever the images change, so that a run's fingerprint changes too. */
  private static final int VERSION = 1;

  /** Checks the sizes. */
  public SyntheticImages {
    if (trainExamples < 1 || testExamples < 1) {
      throw new IllegalArgumentException(
          "sizes must be at least 1, but are " + trainExamples + " and " + testExamples);
    }
  }

  @Override
  public String location() {
    return "synthetic";
  }

  @Override
  public int size(Subset subset) {
    return subset == Subset.TRAIN ? trainExamples : testExamples;
  }

  @Override
  public DataSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<String> parts() {
    return List.of();
  }

  @Override
  public List<FileDigest> inspect(String part, Configuration hadoop) {
    throw new IllegalArgumentException("the synthetic data set has no part " + part);
  }

  @Override
  public Shard read(Subset subset, ShardRange range, Configuration hadoop) {
    range.requireWithin(this, subset);
    byte[] pixels = new byte[Math.multiplyExact(range.size(), SCHEMA.image().pixels())];
    short[] labels = new short[range.size()];
    for (int slot = 0; slot < range.size(); slot++) {
      int index = range.from() + slot;
      SyntheticFigure figure = figure(subset, index);
      labels[slot] = (short) label(figure);
      RepeatableRandom random = new RepeatableRandom(seed, VERSION, key(subset), index);
      new SyntheticPicture(random).draw(figure, pixels, slot * SCHEMA.image().pixels());
    }
    return new Shard(SCHEMA.image(), SCHEMA.classCount(), pixels, labels);
  }

  @Override
  public DataFingerprint fingerprint(List<FileDigest> digests) {
    String recipe =
        String.format(
            Locale.ROOT,
            "synthetic %d, seed %d, %d + %d",
            VERSION,
            seed,
            trainExamples,
            testExamples);
    return new DataFingerprint(
        "synthetic", location(), Digests.sha256(recipe), trainExamples, testExamples);
  }

  /**
   * The figure of an example. Every block of ten examples holds each class once, in its own random
   * order: any range is balanced, and the index is independent of the class.
   */
  private SyntheticFigure figure(Subset subset, int index) {
    int block = index / SCHEMA.classCount();
    RepeatableRandom random = new RepeatableRandom(seed, ~VERSION, key(subset), block);
    SyntheticFigure[] order = SyntheticFigure.values();
    for (int last = order.length - 1; last > 0; last--) {
      int other = random.below(last + 1);
      SyntheticFigure moved = order[other];
      order[other] = order[last];
      order[last] = moved;
    }
    return order[index % SCHEMA.classCount()];
  }

  private static int label(SyntheticFigure figure) {
    return List.of(SyntheticFigure.values()).indexOf(figure);
  }

  private static long key(Subset subset) {
    return subset == Subset.TRAIN ? 0 : 1;
  }
}
