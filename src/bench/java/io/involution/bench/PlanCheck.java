package io.involution.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.training.ExchangeChoice;
import io.involution.metrics.Json;
import io.involution.metrics.MetricsRow;
import io.involution.metrics.RoundCosts;
import io.involution.plan.Cluster;
import io.involution.plan.Coefficients;
import io.involution.plan.CoefficientsFile;
import io.involution.plan.Prediction;
import io.involution.plan.RoundModel;
import io.involution.plan.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares what plan predicts with real runs: measures the coefficients, then trains, both by the
 * scripts of submit/ on the same slots.
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.PlanCheck
 * </pre>
 *
 * <p>A single worker takes several rounds in one job, so two are the fewest. The rounds of a run's
 * second half count. Predicted over measured is told of their median, and of their quickest and
 * slowest one; the parts are means, as train prints them.
 */
@Command(name = "plan-check", sortOptions = false)
public final class PlanCheck implements Callable<Integer> {
  /** The averaging period that train takes unasked. */
  private static final int PERIOD = 8;

  @Option(names = "--target", defaultValue = "local", description = "(${DEFAULT-VALUE})")
  private String target;

  @Option(names = "--slots", defaultValue = "2", description = "(${DEFAULT-VALUE})")
  private int slots;

  @Option(names = "--workers", split = ",", defaultValue = "2,4,8", description = "(2,4,8)")
  private List<Integer> workers;

  @Option(names = "--batch", defaultValue = "256", description = "(${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--epochs", defaultValue = "8", description = "(${DEFAULT-VALUE})")
  private int epochs;

  @Option(names = "--runs", defaultValue = "1", description = "of each (${DEFAULT-VALUE})")
  private int runs;

  @Option(names = "--data", defaultValue = "synthetic", description = "(${DEFAULT-VALUE})")
  private String data;

  @Option(names = "--coefficients", description = "a file, instead of measuring")
  private Path coefficients;

  @Option(names = "--out", defaultValue = "target/bench/plan", description = "(${DEFAULT-VALUE})")
  private Path out;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PlanCheck()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(out);
    Path file = coefficients;
    if (file == null) {
      file = out.resolve("plan.conf");
      submit("plan", "--measure", file.toString());
    }
    Coefficients known = CoefficientsFile.read(file.toString(), Files.readString(file), false);
    for (int run = 0; run < runs; run++) {
      for (int each : workers) {
        Path folder = out.resolve(String.format(Locale.ROOT, "run-%d-%d", each, run));
        train(each, folder);
        for (String network : known.networks().keySet()) {
          print(known, network, each, folder);
        }
      }
    }
    return 0;
  }

  private void train(int count, Path folder) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("train", "--data", data, "--overwrite"));
    command.addAll(List.of("--workers", Integer.toString(count), "--out", folder.toString()));
    command.addAll(List.of("--batch-size", Integer.toString(batch)));
    command.addAll(List.of("--epochs", Integer.toString(epochs), "--test-limit", "512"));
    // Whole rounds only: four an epoch.
    command.addAll(List.of("--train-limit", Integer.toString(4 * PERIOD * batch)));
    command.addAll(List.of("--averaging-period", Integer.toString(PERIOD)));
    submit(command.toArray(String[]::new));
  }

  private void submit(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("submit/" + target, "--master"));
    line.add(target.equals("local") ? "local[" + slots + "]" : target + "[" + slots + ",1,1024]");
    line.addAll(List.of(command));
    Path log = out.resolve(command[0] + ".log");
    Submission.run(line, log);
  }

  private void print(Coefficients known, String network, int count, Path folder)
      throws IOException {
    List<JsonNode> rows = Submission.rowsAfter(epochs / 2, folder);
    double[] measured =
        rows.stream()
            .filter(row -> row.path("type").asText().equals("round"))
            .filter(row -> row.path("model").asText().equals(network))
            .mapToDouble(PlanCheck::seconds)
            .toArray();
    Cluster cluster = new Cluster(count, slots, Double.POSITIVE_INFINITY, ExchangeChoice.COLLECT);
    Prediction round =
        new RoundModel(known).predict(cluster, new Work(network, batch / count, PERIOD));
    double[] predicted = new double[measured.length];
    Arrays.fill(predicted, round.total());
    System.out.printf(
        Locale.ROOT,
        "%s, %d workers on %d slots: predicted %.0f ms a round, measured %s ms, ratio %s%n",
        network,
        count,
        slots,
        1000 * round.total(),
        Spread.of(Arrays.stream(measured).map(each -> 1000 * each).toArray()).format(0),
        Spread.ofRatios(predicted, measured).format(2));
    List<MetricsRow> typed =
        rows.stream().map(row -> Json.MAPPER.convertValue(row, MetricsRow.class)).toList();
    parts(round.parts(), RoundCosts.of(typed, network));
  }

  private static void parts(Prediction.Parts predicted, RoundCosts measured) {
    System.out.printf(
        Locale.ROOT,
        "  predicted: steps %.1f, broadcast %.1f, copy %.1f, exchange and scheduling %.1f%n",
        1000 * predicted.compute(),
        1000 * predicted.broadcast(),
        1000 * predicted.copy(),
        1000 * (predicted.exchange() + predicted.scheduling()));
    System.out.printf(
        Locale.ROOT,
        "  measured:  steps %.1f, broadcast %.1f, copy %.1f, schedule, collect and average %.1f%n",
        1000 * measured.steps(),
        1000 * (measured.broadcast() + measured.receive()),
        1000 * measured.copy(),
        1000 * (measured.schedule() + measured.average()));
  }

  private static double seconds(JsonNode round) {
    JsonNode seconds = round.path("seconds");
    return seconds.path("broadcast").asDouble()
        + seconds.path("workers").asDouble()
        + seconds.path("average").asDouble();
  }
}
