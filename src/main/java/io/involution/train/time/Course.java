package io.involution.train.time;

import io.involution.config.value.EpochCount;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A training from its first round to its last. It may end within an epoch: the last round is then
 * as short as it has to be.
 *
 * @param plan how a whole epoch is divided into rounds
 * @param epochs how long the training is
 */
public record Course(EpochPlan plan, EpochCount epochs) {

  /** Whether the last epoch is cut short. */
  public boolean isCut() {
    return stepsIn(epochs.last()) < plan.stepsPerEpoch();
  }

  /** Local steps of every worker in an epoch (from 1). */
  public int stepsIn(int epoch) {
    int whole = plan.stepsPerEpoch();
    return epoch < epochs.last()
        ? whole
        : (int) (epochs.steps(whole) - (long) whole * (epochs.last() - 1));
  }

  /** Local steps of every worker in the whole training. */
  public long steps() {
    return epochs.steps(plan.stepsPerEpoch());
  }

  /** Number of rounds in an epoch (from 1). */
  public int roundsIn(int epoch) {
    return plan.roundsIn(epoch, stepsIn(epoch));
  }

  /** Number of rounds in the first epochs together. */
  public long roundsUntil(int count) {
    return IntStream.rangeClosed(1, count).mapToLong(this::roundsIn).sum();
  }

  /**
   * The rounds of an epoch that are left.
   *
   * @param from how far training has progressed
   */
  public List<Round> rounds(Position from) {
    int epoch = from.epochs() + 1;
    int begin = steps(from);
    int end = stepsIn(epoch);
    List<Round> rounds = new ArrayList<>();
    for (Round whole : plan.rounds(epoch)) {
      int first = Math.max(begin, whole.firstStep());
      int last = Math.min(end, whole.lastStep());
      if (first < last) {
        int index = from.rounds() + rounds.size() + 1;
        rounds.add(new Round(epoch, index, first, last, whole.stepsPerEpoch()));
      }
    }
    return rounds;
  }

  /** Where training is after a round. */
  public Position after(Round round) {
    Position plain = new Position(round.epoch() - 1, round.index());
    return steps(plain) == round.lastStep()
        ? plain
        : new Position(plain.epochs(), plain.rounds(), round.lastStep());
  }

  /** Whether training ends within an epoch, and here, so that only an evaluation is left. */
  public boolean isAtCut(Position position) {
    return isCut() && position.epochs() == epochs.last() - 1 && rounds(position).isEmpty();
  }

  /** Whether a position lies within this training. */
  public boolean holds(Position position) {
    return position.epochs() < epochs.last()
        ? steps(position) <= stepsIn(position.epochs() + 1)
        : position.equals(new Position(epochs.last(), 0));
  }

  /** Local steps of the next epoch that have been taken. */
  private int steps(Position position) {
    if (position.steps() > 0 || position.rounds() == 0) {
      return position.steps();
    }
    List<Round> whole = plan.rounds(position.epochs() + 1);
    return position.rounds() > whole.size()
        ? Integer.MAX_VALUE
        : whole.get(position.rounds() - 1).lastStep();
  }
}
