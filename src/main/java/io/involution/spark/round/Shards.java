package io.involution.spark.round;

import io.involution.config.NormalizeChoice;
import io.involution.data.ExampleSource;
import io.involution.data.LimitedSource;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.model.Normalization;
import io.involution.model.PixelStatistics;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterLayout;
import io.involution.model.whitening.PatchStatistics;
import io.involution.model.whitening.Whitening;
import io.involution.spark.TaskProfiles;
import io.involution.spark.examples.ClusterExamples;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The examples of a run on the executors: one partition per worker, one shard per partition, read
 * by the executor that owns it and kept there. No example passes through the driver.
 */
public final class Shards implements AutoCloseable {
  private final JavaSparkContext context;
  private final TaskProfiles profiles;
  private final JavaRDD<Shard> train;
  private final JavaRDD<Shard> validation;
  private final JavaRDD<Shard> test;

  /** Those that are used: the held-out ones if there are any. */
  private final List<JavaRDD<Shard>> used;

  private final int workers;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * Plans the shards; {@link #load()} reads them.
   *
   * @param context the cluster
   * @param source where the examples are
   * @param workers number of workers
   * @param validationExamples training examples, the last ones, that are held out
   * @param profiles what the tasks need
   */
  public Shards(
      JavaSparkContext context,
      ExampleSource source,
      int workers,
      int validationExamples,
      TaskProfiles profiles) {
    this.context = context;
    this.profiles = profiles;
    this.hadoop = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    this.workers = workers;
    int trainExamples = source.size(Subset.TRAIN) - validationExamples;
    train = shards(source, Subset.TRAIN, new ShardRange(0, trainExamples));
    validation =
        shards(source, Subset.TRAIN, new ShardRange(trainExamples, source.size(Subset.TRAIN)));
    test = shards(source, Subset.TEST, new ShardRange(0, source.size(Subset.TEST)));
    used = validationExamples > 0 ? List.of(train, validation, test) : List.of(train, test);
    switchToUse();
  }

  private Shards(
      JavaSparkContext context, JavaRDD<Shard> train, JavaRDD<Shard> test, TaskProfiles profiles) {
    this.context = context;
    this.profiles = profiles;
    this.hadoop = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    this.workers = train.getNumPartitions();
    this.train = train;
    this.validation = test;
    this.test = test;
    this.used = List.of(train, test);
    switchToUse();
  }

  /**
   * Shards that are made of other data than an {@link ExampleSource}'s.
   *
   * @param train a shard in each partition, persisted
   * @param test the same for the evaluations, perhaps without examples
   * @param profiles what the tasks need
   */
  public static Shards of(
      JavaSparkContext context, JavaRDD<Shard> train, JavaRDD<Shard> test, TaskProfiles profiles) {
    return new Shards(context, train, test, profiles);
  }

  /** Reads all shards, each on its executor. */
  public void load() {
    context.setJobDescription("reading the shards");
    for (JavaRDD<Shard> shards : used) {
      profiles.switchToReading(shards);
      shards.foreach(shard -> {});
    }
    switchToUse();
  }

  /** Training examples of each class, over all workers. */
  public long[] classCounts() {
    context.setJobDescription("counting the classes");
    return train.map(Shards::classCounts).reduce(Shards::sum);
  }

  /** The normalization that the user asked for. */
  public Normalization normalization(NormalizeChoice choice) {
    if (choice.isFromTraining()) {
      context.setJobDescription("measuring the pixels");
      return PixelStatistics.normalization(train.map(PixelStatistics::of).reduce(Shards::sum));
    }
    return choice.isGiven()
        ? new Normalization(choice.mean(), choice.standardDeviation())
        : Normalization.NONE;
  }

  /**
   * A network's first state with the filters that whiten the training images, where it has such.
   *
   * @param graph the network
   * @param fresh its first state
   * @param normalization of its images
   */
  public ModelState whitened(
      ComputationGraph graph, ModelState fresh, Normalization normalization) {
    ModelState state = fresh;
    for (Whitening whitening : Whitening.of(graph.getConfiguration())) {
      context.setJobDescription("measuring the patches");
      int size = whitening.size();
      long[] sums = train.map(shard -> PatchStatistics.of(shard, size)).reduce(Shards::sum);
      state = whitening.in(state, ParameterLayout.of(graph), sums, normalization);
    }
    return state;
  }

  static long[] classCounts(Shard shard) {
    long[] counts = new long[shard.classes()];
    for (int example = 0; example < shard.size(); example++) {
      counts[shard.label(example)]++;
    }
    return counts;
  }

  static long[] sum(long[] first, long[] second) {
    long[] sum = first.clone();
    Arrays.setAll(sum, label -> first[label] + second[label]);
    return sum;
  }

  private void switchToUse() {
    profiles.switchToTraining(train);
    profiles.switchToEvaluation(validation);
    profiles.switchToEvaluation(test);
  }

  /** Makes the executors release them. */
  @Override
  public void close() {
    for (JavaRDD<Shard> shards : List.of(train, validation, test)) {
      shards.unpersist(false);
    }
    hadoop.destroy();
  }

  /** The workers' training examples. */
  public JavaRDD<Shard> train() {
    return train;
  }

  /** The held-out training examples, spread over the workers. */
  JavaRDD<Shard> validation() {
    return validation;
  }

  /** The test examples, spread over the workers. */
  JavaRDD<Shard> test() {
    return test;
  }

  private JavaRDD<Shard> shards(ExampleSource source, Subset subset, ShardRange examples) {
    List<ShardRange> ranges =
        IntStream.range(0, workers)
            .mapToObj(
                worker -> ShardRange.of(worker, workers, examples.size()).shifted(examples.from()))
            .toList();
    Broadcast<SerializableConfiguration> settings = hadoop;
    // To disk if memory is short: a shard that Spark silently drops would be read in every round.
    ExampleSource whole = LimitedSource.whole(source);
    JavaRDD<Shard> read =
        whole instanceof ClusterExamples cluster
            ? cluster.shards(subset, ranges)
            : context
                .parallelize(ranges, workers)
                .map(range -> source.read(subset, range, settings.value().value()));
    return read.persist(StorageLevel.MEMORY_AND_DISK());
  }
}
