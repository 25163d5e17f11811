package io.involution.report.run;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Results of the reference run: both networks on CIFAR-10 on a single machine, seed 42, 20 epochs.
 * A single seed proves little: an older run of the same code had test accuracies of 0.7184 and
 * 0.4418.
 *
 * @param testAccuracy after the last epoch
 * @param testLoss after the last epoch, in nats
 * @param trainAccuracy of the last epoch
 * @param trainable parameters that gradients change
 * @param nonTrainable running statistics
 */
public record ReferenceRun(
    double testAccuracy, double testLoss, double trainAccuracy, int trainable, int nonTrainable) {
  /** What run.json says of CIFAR-10: the official archive, or files in its layout. */
  private static final Set<String> CIFAR_10 = Set.of("cifar10", "cifar10-unverified");

  private static final Map<String, ReferenceRun> BY_NETWORK =
      Map.of(
          "convolution", new ReferenceRun(0.7304, 0.8962, 0.8531, 319_178, 0),
          "involution", new ReferenceRun(0.4719, 1.5096, 0.4771, 13_074, 6));

  private static boolean isComparable(RunData run) {
    return CIFAR_10.contains(run.text("/dataset"));
  }

  /** The reference run's metrics of a network; empty for a run on other data or of another one. */
  public static Optional<ReferenceRun> of(RunData run, ModelData model) {
    return isComparable(run) ? Optional.ofNullable(BY_NETWORK.get(model.name())) : Optional.empty();
  }

  /** Trainable and other parameters together. */
  public int parameters() {
    return trainable + nonTrainable;
  }
}
