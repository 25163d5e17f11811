package io.involution.config.training;

import static io.involution.config.option.Option.Effect.FACT;
import static io.involution.config.option.Option.Effect.OUTPUTS;

import io.involution.config.option.Option;
import io.involution.config.option.Records;
import io.involution.config.value.WeightAverage;
import io.involution.failure.InputException;
import java.util.Locale;
import java.util.Optional;

/** How the workers' models are averaged. */
public record AveragingOptions(
    @Option(
            name = "averaging-period",
            heading = "Averaging",
            defaultValue = "16",
            label = "H",
            effect = FACT,
            help = "Local steps between two averages, or epoch: one average per epoch.",
            details = "\"1,16@6\" is 1 at first and 16 from epoch 6 on (post-local SGD).")
        AveragingPeriod period,
    @Option(
            defaultValue = "auto",
            effect = FACT,
            help = "How the averaged model is applied (outer optimizer).",
            details =
                "average: it is the next model. momentum: SlowMo, a step to the average and beyond,"
                    + " by the momentum of earlier rounds. nesterov: DiLoCo's Nesterov momentum."
                    + " auto: momentum where 3 or more workers take 16 or more local steps between"
                    + " averages, else average: with fewer, momentum can keep a run from learning.")
        OuterStepChoice outerStep,
    @Option(
            defaultValue = "auto",
            byDefault = "auto: 1 with momentum, 0.7 with nesterov",
            above = 0,
            most = 10,
            help = "Step size of the outer step.")
        Optional<Double> outerLearningRate,
    @Option(
            defaultValue = "auto",
            byDefault = "auto: 0.5 with momentum, 0.9 with nesterov",
            least = 0,
            below = 1,
            help = "Momentum of the outer step.")
        Optional<Double> outerMomentum,
    @Option(
            defaultValue = "averaged",
            help =
                "The optimizer's state between rounds: averaged, each worker's own (local), or"
                    + " reset.",
            details = "local: the driver and the checkpoints hold them once per worker.")
        UpdaterStateChoice updaterState,
    @Option(
            defaultValue = "auto",
            effect = OUTPUTS,
            help = "Average on the driver (collect) or on the executors (shuffle).",
            details =
                "The result is the same, bit by bit. auto: shuffle from 256 MiB of updates per"
                    + " round, and where Spark would not accept them as results; else collect.")
        ExchangeChoice exchange,
    @Option(
            defaultValue = "none",
            label = "AVERAGE",
            help = "Average the models over time: ema:DECAY, lookahead or lookahead:DECAY.",
            details =
                "DECAY is that of one local step, such as 0.99. ema: the exponential moving average"
                    + " of the rounds' models is evaluated and saved. lookahead: a round ends"
                    + " between its start and its mean, closer to the start as training goes on;"
                    + " 0.95 unless given, as airbench94 has it.")
        WeightAverage weightAverage) {

  /**
   * Minimum number of local steps between two averages for which auto chooses momentum: with 16 it
   * was the better step on CIFAR-10, but with 4 it kept some runs from learning.
   */
  private static final int MOMENTUM_FROM_STEPS = 16;

  /**
   * Minimum number of workers for which auto chooses momentum: averaging two workers costs almost
   * no accuracy that it could recover, and it makes the convolution network overfit sooner.
   */
  private static final int MOMENTUM_FROM_WORKERS = 3;

  /** Checks which options exclude each other. */
  public AveragingOptions {
    if ((outerStep == OuterStepChoice.AVERAGE || outerStep == OuterStepChoice.AUTO)
        && (outerLearningRate.isPresent() || outerMomentum.isPresent())) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--outer-learning-rate and --outer-momentum have no effect with --outer-step %s: add"
                  + " --outer-step momentum or nesterov, or the word auto for both where a file"
                  + " sets them",
              outerStep.word()));
    }
    if (updaterState == UpdaterStateChoice.LOCAL && exchange == ExchangeChoice.SHUFFLE) {
      throw new InputException(
          "--updater-state local cannot be used with --exchange shuffle, since every worker's state"
              + " goes to the driver: use --exchange collect");
    }
  }

  /** The defaults, with another number of local steps between two averages. */
  public static AveragingOptions every(int steps) {
    return of(AveragingPeriod.of(steps), OuterStepChoice.AUTO);
  }

  private static AveragingOptions of(AveragingPeriod period, OuterStepChoice outerStep) {
    return new AveragingOptions(
        period,
        outerStep,
        Optional.empty(),
        Optional.empty(),
        UpdaterStateChoice.AVERAGED,
        ExchangeChoice.AUTO,
        WeightAverage.NONE);
  }

  /**
   * The outer step of a run: auto is replaced by what it means for this run.
   *
   * @param workers number of workers; a single one trains without averaging
   * @param fewestSteps the smallest number of local steps between two averages in a full-length
   *     round
   */
  public OuterStepChoice outerStep(int workers, int fewestSteps) {
    if (outerStep != OuterStepChoice.AUTO) {
      return outerStep;
    }
    return workers >= MOMENTUM_FROM_WORKERS && fewestSteps >= MOMENTUM_FROM_STEPS
        ? OuterStepChoice.MOMENTUM
        : OuterStepChoice.AVERAGE;
  }

  /**
   * How updates are averaged: a worker's own updater state goes to the driver, for the checkpoint.
   */
  public ExchangeChoice usedExchange() {
    return updaterState == UpdaterStateChoice.LOCAL ? ExchangeChoice.COLLECT : exchange;
  }

  /** The same, with plain averaging if the outer step is auto. */
  public AveragingOptions plainUnlessAsked() {
    return outerStep == OuterStepChoice.AUTO
        ? Records.with(AveragingOptions.class, this, OuterStepChoice.AVERAGE)
        : this;
  }

  /** True if dl4j-spark's own averaging can do it: everything but the period has its default. */
  public boolean isPlain() {
    return equals(of(period, OuterStepChoice.AVERAGE));
  }
}
