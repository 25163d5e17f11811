package io.involution.data;

import io.involution.failure.InputException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The first examples of another source.
 *
 * @param source the other source
 * @param trainExamples number of its training examples
 * @param testExamples number of its test examples
 */
public record LimitedSource(ExampleSource source, int trainExamples, int testExamples)
    implements ExampleSource {

  /**
   * Limits a source.
   *
   * @param source what to limit
   * @param trainLimit number of training examples; empty for all
   * @param testLimit number of test examples; empty for all
   * @throws InputException if a limit exceeds the source
   */
  public static ExampleSource of(
      ExampleSource source, Optional<Integer> trainLimit, Optional<Integer> testLimit) {
    if (trainLimit.isEmpty() && testLimit.isEmpty()) {
      return source;
    }
    return new LimitedSource(
        source,
        limit("--train-limit", trainLimit, source.size(Subset.TRAIN)),
        limit("--test-limit", testLimit, source.size(Subset.TEST)));
  }

  /** The source whose first examples a source has; itself if it is not limited. */
  public static ExampleSource whole(ExampleSource source) {
    return source instanceof LimitedSource limited ? limited.source() : source;
  }

  private static int limit(String option, Optional<Integer> limit, int size) {
    if (limit.isPresent() && limit.get() > size) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s %d is more than the %d examples of the data: use at most %d",
              option,
              limit.get(),
              size,
              size));
    }
    return limit.orElse(size);
  }

  @Override
  public String location() {
    return source.location();
  }

  @Override
  public int size(Subset subset) {
    return subset == Subset.TRAIN ? trainExamples : testExamples;
  }

  @Override
  public DataSchema schema() {
    return source.schema();
  }

  @Override
  public List<String> parts() {
    return source.parts();
  }

  @Override
  public List<FileDigest> inspect(String part, Configuration hadoop) {
    return source.inspect(part, hadoop);
  }

  @Override
  public Shard read(Subset subset, ShardRange range, Configuration hadoop) {
    range.requireWithin(this, subset);
    return source.read(subset, range, hadoop);
  }

  @Override
  public DataFingerprint fingerprint(List<FileDigest> digests) {
    DataFingerprint whole = source.fingerprint(digests);
    return new DataFingerprint(
        whole.dataset(), whole.location(), whole.sha256(), trainExamples, testExamples);
  }
}
