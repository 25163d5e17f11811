package io.involution.config.training;

import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Local steps between two averages (H), by epoch. Few steps at first and more later is known as
 * post-local SGD (Lin et al., "Don't Use Large Mini-Batches, Use Local SGD", ICLR 2020).
 *
 * @param phases in order of their epochs, the first from epoch 1
 */
public record AveragingPeriod(List<Phase> phases) implements Recorded {
  private static final String EPOCH = "epoch";
  private static final Pattern TEXT =
      Pattern.compile("([1-9]\\d{0,8}|" + EPOCH + ")(?:@([1-9]\\d{0,8}))?");

  /**
   * A period that applies from a given epoch on.
   *
   * @param fromEpoch first epoch, from 1
   * @param steps local steps between two averages; empty for one average per epoch
   */
  public record Phase(int fromEpoch, OptionalInt steps) {
    private String word() {
      String period = steps.isPresent() ? String.valueOf(steps.getAsInt()) : EPOCH;
      return fromEpoch == 1 ? period : period + "@" + fromEpoch;
    }
  }

  /** Checks that the phases start at epoch 1, are in order, and have periods of at least 1. */
  public AveragingPeriod {
    phases = List.copyOf(phases);
    int next = 1;
    for (Phase phase : phases) {
      boolean first = next == 1;
      if (first ? phase.fromEpoch() != 1 : phase.fromEpoch() < next) {
        throw new IllegalArgumentException("phases out of order: " + phases);
      }
      if (phase.steps().orElse(1) < 1) {
        throw new IllegalArgumentException("a period of " + phase.steps());
      }
      next = phase.fromEpoch() + 1;
    }
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("no period");
    }
  }

  /** The same period from the first epoch to the last. */
  public static AveragingPeriod of(int steps) {
    return new AveragingPeriod(List.of(new Phase(1, OptionalInt.of(steps))));
  }

  /** One average per epoch. */
  public static AveragingPeriod oncePerEpoch() {
    return new AveragingPeriod(List.of(new Phase(1, OptionalInt.empty())));
  }

  /**
   * Parses a text such as {@code 8}, {@code epoch} or {@code 1,16@6}: 1, then 16 from epoch 6 on.
   *
   * @throws InputException when it is not a period
   */
  public static AveragingPeriod parse(String text) {
    List<Phase> phases = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = TEXT.matcher(part.strip());
      if (!matcher.matches()) {
        throw refused(text, null);
      }
      String period = matcher.group(1);
      OptionalInt steps =
          period.equals(EPOCH) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(period));
      int from = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
      phases.add(new Phase(from, steps));
    }
    try {
      return new AveragingPeriod(phases);
    } catch (IllegalArgumentException e) {
      throw refused(text, e);
    }
  }

  /** The period of an epoch, from 1; empty for one average per epoch. */
  public OptionalInt in(int epoch) {
    OptionalInt steps = OptionalInt.empty();
    for (Phase phase : phases) {
      if (phase.fromEpoch() <= epoch) {
        steps = phase.steps();
      }
    }
    return steps;
  }

  /** Whether it is the same in all epochs. */
  public boolean isConstant() {
    return phases.size() == 1;
  }

  /** The text that the option takes. */
  public String word() {
    return phases.stream().map(Phase::word).collect(Collectors.joining(","));
  }

  /** The number of steps if the period is a single number, otherwise the text. */
  @Override
  public Object recorded() {
    OptionalInt steps = in(1);
    return isConstant() && steps.isPresent() ? (Object) steps.getAsInt() : word();
  }

  /** The same period, with the number of steps per epoch in place of {@code epoch}. */
  public AveragingPeriod resolved(int stepsPerEpoch) {
    return new AveragingPeriod(
        phases.stream()
            .map(
                phase ->
                    new Phase(
                        phase.fromEpoch(), OptionalInt.of(phase.steps().orElse(stepsPerEpoch))))
            .toList());
  }

  private static InputException refused(String text, IllegalArgumentException cause) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "--averaging-period is '%s': use local steps between two averages such as 8, or epoch,"
                + " or periods with the epochs they begin at, such as 1,16@6",
            text),
        cause);
  }
}
