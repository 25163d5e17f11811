package io.involution.config.training;

import io.involution.config.option.Option;
import io.involution.failure.InputException;
import java.util.Locale;
import java.util.Optional;

/** The optimizer of the local steps, and the weight decay. What is empty is filled in. */
public record OptimizerOptions(
    @Option(
            name = "optimizer",
            defaultValue = "adam",
            help = "Rule of the local steps: Adam, SGD with Nesterov momentum, or Muon.",
            details =
                "muon: matrices and filters between the first and the last layer by Muon, all other"
                    + " parameters by Adam. See training.md.")
        OptimizerChoice choice,
    @Option(
            defaultValue = "auto",
            byDefault = "auto: 0.9 with nesterovs, 0.95 with muon",
            least = 0,
            below = 1,
            help = "Momentum of nesterovs and muon; 0 with nesterovs is plain SGD.")
        Optional<Double> momentum,
    @Option(
            defaultValue = "auto",
            byDefault = "auto: 0.001",
            above = 0,
            most = 1,
            help = "Step size of Adam for the parameters that muon leaves to it.",
            details = "It follows the same schedule as the step size of Muon.")
        Optional<Double> otherLearningRate,
    @Option(
            defaultValue = "0",
            least = 0,
            most = 1,
            help = "Weight decay: a step shrinks weights by N x step size (AdamW, SGDW).",
            details = "Biases, norms and statistics do not decay.")
        double weightDecay,
    @Option(
            defaultValue = "decoupled",
            help = "decoupled: as above. l2: N x weights is added to their gradient instead.")
        WeightDecayChoice weightDecayKind) {

  /** Adam without weight decay. */
  public static final OptimizerOptions ADAM = adam(0);

  /** Checks which options exclude each other, and fills in what is empty. */
  public OptimizerOptions {
    if (momentum.isPresent() && choice == OptimizerChoice.ADAM) {
      throw new InputException(
          "--momentum has no effect with --optimizer adam: add --optimizer nesterovs or muon, or"
              + " --momentum auto where a file sets it");
    }
    if (otherLearningRate.isPresent() && choice != OptimizerChoice.MUON) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--other-learning-rate has no effect with --optimizer %s: add --optimizer muon, or"
                  + " set --learning-rate, or --other-learning-rate auto where a file sets it",
              choice.word()));
    }
    if (weightDecay == 0 && weightDecayKind != WeightDecayChoice.DECOUPLED) {
      throw new InputException(
          "--weight-decay-kind l2 has no effect without weight decay: add --weight-decay N, or"
              + " --weight-decay-kind decoupled where a file sets it");
    }
    if (choice != OptimizerChoice.ADAM) {
      momentum = Optional.of(momentum.orElse(choice.momentum()));
    }
    if (choice == OptimizerChoice.MUON) {
      double adam = OptimizerChoice.ADAM.learningRate();
      otherLearningRate = Optional.of(otherLearningRate.orElse(adam));
    }
  }

  /** Adam with decoupled weight decay. */
  public static OptimizerOptions adam(double weightDecay) {
    return of(OptimizerChoice.ADAM, weightDecay);
  }

  /** An optimizer with its usual momentum, and decoupled weight decay. */
  public static OptimizerOptions of(OptimizerChoice choice, double weightDecay) {
    return new OptimizerOptions(
        choice, Optional.empty(), Optional.empty(), weightDecay, WeightDecayChoice.DECOUPLED);
  }
}
