package io.involution.train;

import io.involution.data.Shard;
import io.involution.train.time.Round;
import io.involution.train.time.Seeds;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The local steps of a worker's round, as an engine takes them.
 *
 * @param shard the worker's examples
 * @param order indices in the shard, in the order in which the epoch uses them; not changed
 * @param views the code of each example's view, by index in the shard; empty for unchanged images
 * @param bounds the minibatch of step i is what {@code order} holds from {@code bounds[i]},
 *     inclusive, to {@code bounds[i + 1]}, exclusive
 * @param assignment which worker and steps of which epoch
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LocalSteps(
    Shard shard, int[] order, long[] views, int[] bounds, Assignment assignment) {

  /** Checks that the arrays fit the shard and the round. */
  public LocalSteps {
    boolean fits =
        order.length == shard.size()
            && (views.length == 0 || views.length == shard.size())
            && bounds.length == assignment.round().steps() + 1
            && bounds[0] >= 0
            && bounds[bounds.length - 1] <= order.length
            && IntStream.range(1, bounds.length).allMatch(i -> bounds[i - 1] < bounds[i]);
    if (!fits) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d examples, an order of %d, %d views, %d bounds for %s",
              shard.size(),
              order.length,
              views.length,
              bounds.length,
              assignment.round()));
    }
  }

  /**
   * The steps of an assignment.
   *
   * @param epoch the order of its examples
   */
  static LocalSteps of(Assignment assignment, Shard shard, Epoch epoch) {
    Round round = assignment.round();
    int size = shard.size();
    return new LocalSteps(
        shard,
        epoch.order(),
        epoch.views(),
        IntStream.rangeClosed(round.firstStep(), round.lastStep())
            .map(step -> round.from(step, size))
            .toArray(),
        assignment);
  }

  /** Number of steps. */
  public int steps() {
    return bounds.length - 1;
  }

  /** Number of examples of a step. */
  public int examples(int step) {
    return bounds[step + 1] - bounds[step];
  }

  /** Number of examples of the largest minibatch. */
  public int mostExamples() {
    return IntStream.range(0, steps()).map(this::examples).max().orElseThrow();
  }

  /**
   * How a worker takes its examples in an epoch: the same in all of the epoch's rounds.
   *
   * @param assignment of one of the rounds
   * @param order indices in the shard, in the order in which the epoch uses them
   * @param views the code of each example's view, by index in the shard; empty for unchanged images
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Epoch(Assignment assignment, int[] order, long[] views) {

    /** The order of an assignment's epoch for a shard. */
    static Epoch of(Assignment assignment, Shard shard) {
      int epoch = assignment.round().epoch();
      return new Epoch(
          assignment,
          Seeds.permutation(shard.size(), assignment.seed(), epoch, assignment.worker()),
          assignment.views(shard));
    }

    /** This one where it is that of an assignment's epoch too, otherwise that one's. */
    Epoch or(Assignment other, Shard shard) {
      boolean same =
          order.length == shard.size()
              && other.seed() == assignment.seed()
              && other.worker() == assignment.worker()
              && other.augmentation().equals(assignment.augmentation())
              && other.round().epoch() == assignment.round().epoch();
      return same ? this : of(other, shard);
    }
  }
}
