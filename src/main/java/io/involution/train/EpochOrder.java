package io.involution.train;

/**
 * How a worker takes its examples in an epoch: the same in all of the epoch's rounds.
 *
 * @param assignment of one of the rounds
 * @param order indices in the shard, in the order in which the epoch uses them
 * @param views the number of each example's view, by index in the shard; empty for unchanged images
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EpochOrder(Assignment assignment, int[] order, int[] views) {

  /** The order of an assignment's epoch for a shard of a size. */
  static EpochOrder of(Assignment assignment, int size) {
    int epoch = assignment.round().epoch();
    return new EpochOrder(
        assignment,
        Seeds.permutation(size, assignment.seed(), epoch, assignment.worker()),
        assignment.views(size));
  }

  /** This one where it is that of an assignment's epoch too, otherwise that one's. */
  EpochOrder or(Assignment other, int size) {
    boolean same =
        order.length == size
            && other.seed() == assignment.seed()
            && other.worker() == assignment.worker()
            && other.augment() == assignment.augment()
            && other.round().epoch() == assignment.round().epoch();
    return same ? this : of(other, size);
  }
}
