package io.involution.cli;

import io.involution.config.TrainOptions;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkKind;
import io.involution.plan.measure.NetworkEstimate;
import java.io.PrintStream;
import java.util.Locale;

/**
 * What plan says beside its tables.
 *
 * @param options what is planned
 * @param examples training examples
 * @param out where it is said
 */
record PlanWords(TrainOptions options, int examples, PrintStream out) {

  /** What the tables are about. */
  void sayWhatIsPlanned(String coefficients, String measured) {
    out.printf("coefficients: %s, measured on%n  %s%n", coefficients, measured);
    out.printf(
        Locale.ROOT,
        "training: %,d examples, epochs %s (--examples, --epochs), no evaluation%n",
        examples,
        options.epochs().word());
    if (options.batchSizePerWorker().isEmpty()) {
      out.printf(
          Locale.ROOT,
          "minibatch: %,d examples, shared by however many workers there are; with%n"
              + "  --batch-size-per-worker N, every worker takes N%n",
          options.batchSize());
    }
  }

  /** What tasks need of the memory that -Dorg.bytedeco.javacpp.maxbytes limits. */
  String memory(NetworkEstimate network) {
    int atOnce = Math.max(NativeMemory.EVALUATED, options.batchSizePerWorker(1));
    long bytes =
        network.network() instanceof NetworkKind kind
            ? NativeMemory.least(kind, network.schema().image(), atOnce)
            : 0;
    return bytes == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "A task needs at least %,d MiB outside the heap, for %d examples at a time.%n",
            bytes >> 20,
            atOnce);
  }
}
