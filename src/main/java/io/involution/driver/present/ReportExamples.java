package io.involution.driver.present;

import io.involution.data.DataSchema;
import io.involution.data.ExampleSource;
import io.involution.data.ImageView;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.evaluate.Artifacts;
import io.involution.failure.InputException;
import io.involution.metrics.ArtifactFolder;
import io.involution.model.Normalization;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The few examples that a report draws, read by the driver.
 *
 * @param source where the examples are
 * @param hadoop settings of its file system
 */
public record ReportExamples(ExampleSource source, Configuration hadoop) {
  /** Training examples in the report's grid, 5 x 5. */
  private static final int SAMPLES = 25;

  /** Test examples whose kernels the report draws. */
  private static final int PREDICTIONS = 10;

  /**
   * Makes sure that the chosen images exist before anything is trained.
   *
   * @throws InputException naming the one that does not
   */
  public void check(List<Integer> images) {
    int size = source.size(Subset.TEST);
    for (int image : images) {
      if (image >= size) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "--images has %d, but there are %d test images: name one from 0 to %d",
                image,
                size,
                size - 1));
      }
    }
  }

  /**
   * Writes the examples, and a model's predictions for the test examples.
   *
   * @param normalization what the model does to the pixels
   * @param images test examples that the user chose, before the first ones
   */
  public void write(
      ArtifactFolder artifacts,
      ComputationGraph graph,
      Normalization normalization,
      List<Integer> images) {
    List<Integer> train = first(Subset.TRAIN, SAMPLES, List.of());
    artifacts.samples(Artifacts.samples(read(Subset.TRAIN, train), train));
    List<Integer> test = first(Subset.TEST, PREDICTIONS, images);
    Shard shard = read(Subset.TEST, test);
    artifacts.predictions(
        Artifacts.samples(shard, test),
        place ->
            Artifacts.predictions(
                    graph,
                    normalization,
                    shard.viewed(ImageView.WHOLE, place, place + 1),
                    test.subList(place, place + 1),
                    1)
                .get(0));
  }

  /** The indices of those that the user chose, and of the first examples of a subset. */
  private List<Integer> first(Subset subset, int first, List<Integer> chosen) {
    return IntStream.concat(
            chosen.stream().mapToInt(Integer::intValue),
            IntStream.range(0, Math.min(first, source.size(subset))))
        .distinct()
        .boxed()
        .toList();
  }

  /** Reads examples by their indices. */
  private Shard read(Subset subset, List<Integer> indices) {
    DataSchema schema = source.schema();
    int each = schema.image().pixels();
    byte[] pixels = new byte[Math.multiplyExact(indices.size(), each)];
    short[] labels = new short[indices.size()];
    int done = 0;
    for (int next = 1; next <= indices.size(); next++) {
      int from = indices.get(done);
      // Adjacent examples are read together: an archive is read from its start for every range.
      if (next == indices.size() || indices.get(next) != indices.get(next - 1) + 1) {
        ShardRange range = new ShardRange(from, from + next - done);
        Shard part = source.read(subset, range, hadoop);
        System.arraycopy(part.pixels(), 0, pixels, done * each, part.pixels().length);
        System.arraycopy(part.labels(), 0, labels, done, part.size());
        done = next;
      }
    }
    return new Shard(schema.image(), schema.classCount(), pixels, labels);
  }
}
