package io.involution.config;

import io.involution.config.training.AveragingOptions;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.value.Augmentation;
import io.involution.config.value.CheckpointCadence;
import io.involution.config.value.EpochCount;
import io.involution.failure.InputException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What dl4j-spark's own trainer cannot do; each check says it of the option that asks for it. */
public final class Dl4jSparkLimits {
  private Dl4jSparkLimits() {}

  /** It does not report rounds, and cannot resume. */
  static void requireKnownRounds(
      OutputOptions output, CheckpointCadence checkpointEvery, Optional<Duration> timeLimit) {
    if (output.resume()) {
      throw new InputException(
          "--resume cannot be used with --trainer dl4j-spark, which cannot resume to the same bits:"
              + " leave one out");
    }
    if (checkpointEvery.unit() == CheckpointCadence.Unit.ROUND) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--checkpoint-every %s cannot be used with --trainer dl4j-spark, which does not"
                  + " report rounds: use epochs",
              checkpointEvery.word()));
    }
    if (timeLimit.isPresent()) {
      throw new InputException(
          "--time-limit cannot be used with --trainer dl4j-spark, which cannot resume: leave one"
              + " out");
    }
  }

  /** It trains whole epochs, without Muon and augmentation, and averages plainly. */
  static void requirePlain(
      EpochCount epochs,
      OptimizerChoice optimizer,
      AveragingOptions averaging,
      Augmentation augment) {
    if (!epochs.isWhole()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--epochs %s cannot be used with --trainer dl4j-spark, which trains whole epochs:"
                  + " use a whole number",
              epochs.word()));
    }
    if (optimizer == OptimizerChoice.MUON) {
      throw withMuon("--optimizer muon");
    }
    if (!averaging.isPlain()
        || !averaging.period().isConstant()
        || !augment.equals(Augmentation.NONE)) {
      throw new InputException(
          "--trainer dl4j-spark does plain averaging, with one averaging period and without"
              + " --augment: leave out the other averaging options, or take back what a file sets"
              + " with --augment false, --weight-average none, --outer-step average");
    }
  }

  /**
   * Its workers do not tell Muon what it has to know.
   *
   * @param what asks for Muon, as the beginning of a sentence
   */
  public static InputException withMuon(String what) {
    return new InputException(
        what
            + " cannot be used with --trainer dl4j-spark, whose updater does not know the matrices'"
            + " shapes: use --optimizer adam or nesterovs");
  }
}
