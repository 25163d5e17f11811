package io.involution.cli;

import io.involution.config.TrainOptions;
import io.involution.data.ImageShape;
import io.involution.model.network.NativeMemory;
import io.involution.plan.Cluster;
import io.involution.plan.Coefficients;
import io.involution.plan.PlanTable;
import io.involution.plan.Training;
import io.involution.plan.measure.NetworkEstimate;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * What plan predicts.
 *
 * @param options the options of the training
 * @param training what is trained
 * @param cluster the cluster, with the largest number of workers
 * @param share the share of a round that may be something else than local steps
 */
record PlanPrediction(TrainOptions options, Training training, Cluster cluster, double share) {

  /**
   * Prints the tables.
   *
   * @param known the coefficients
   * @param from where they are from
   * @param networks what they make of each network
   * @param out where they are printed
   */
  void print(Coefficients known, String from, List<NetworkEstimate> networks, PrintStream out) {
    sayWhatIsPlanned(from, known.measured(), out);
    for (NetworkEstimate network : networks) {
      String label = network.network().label();
      String drawn =
          new PlanTable(network.costs(), cluster, training, options.averaging().period(), share)
              .of(label, options::batchSizePerWorker);
      out.printf(
          Locale.ROOT,
          "%n%s network: %,d bytes of state, H %s, %d slots, %s Gbit/s%n%s%s%s",
          label,
          network.costs().network(label).stateBytes(),
          options.averaging().period().word(),
          cluster.slots(),
          cluster.networkGbps(),
          drawn,
          network.note().orElse(""),
          memory(network));
    }
    out.flush();
  }

  /** What the tables are about. */
  private void sayWhatIsPlanned(String coefficients, String measured, PrintStream out) {
    out.printf("coefficients: %s, measured on%n  %s%n", coefficients, measured);
    out.printf(
        Locale.ROOT,
        "training: %,d examples, epochs %s (--examples, --epochs), no evaluation%n",
        training.examples(),
        options.epochs().word());
    out.println("a round of 1 worker: all that it takes in one job, its rounds of two seconds");
    if (options.batchSizePerWorker().isEmpty()) {
      out.printf(
          Locale.ROOT,
          "minibatch: %,d examples, shared by however many workers there are; with%n"
              + "  --batch-size-per-worker N, every worker takes N%n",
          options.batchSize());
    }
  }

  /** What tasks need of the memory that -Dorg.bytedeco.javacpp.maxbytes limits. */
  private String memory(NetworkEstimate network) {
    ImageShape image = network.schema().image();
    int evaluated = NativeMemory.evaluated(network.network(), image);
    int trained =
        training
            .epoch(1, options.batchSizePerWorker(1), options.averaging().period())
            .batchSizePerWorker();
    int atOnce = Math.max(evaluated, trained);
    long bytes = NativeMemory.least(network.network(), image, atOnce);
    return bytes == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "A task needs at least %,d MiB outside the heap, for %d examples at a time.%n",
            bytes >> 20,
            atOnce);
  }
}
