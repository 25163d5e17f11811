package io.involution.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The same run on a local-cluster with and without authentication between Spark's processes, in
 * turns, each first as often as second:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.Authentication
 * </pre>
 *
 * <p>Tells the seconds of an epoch's rounds without the first epoch, in which the JVM compiles, and
 * the processor's seconds of driver and executors, which other programs of the machine hardly
 * change.
 */
@Command(name = "authentication", sortOptions = false)
public final class Authentication implements Callable<Integer> {
  private static final long SAMPLE_MILLISECONDS = 20;

  @Option(names = "--pairs", defaultValue = "8", description = "(${DEFAULT-VALUE})")
  private int pairs;

  @Option(names = "--epochs", defaultValue = "4", description = "a run (${DEFAULT-VALUE})")
  private int epochs;

  @Option(names = "--examples", defaultValue = "2048", description = "(${DEFAULT-VALUE})")
  private int examples;

  @Option(
      names = "--out",
      defaultValue = "target/bench/authentication",
      description = "(${DEFAULT-VALUE})")
  private Path out;

  /**
   * What a run took.
   *
   * @param rounds seconds of an epoch's rounds
   * @param processor seconds of processor time, from start to end
   * @param parameters the digest of what it has trained
   */
  private record Cost(double rounds, double processor, String parameters) {}

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Authentication()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(out);
    Cost[] with = new Cost[pairs];
    Cost[] without = new Cost[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      if (pair % 2 == 0) {
        with[pair] = run(true);
      }
      without[pair] = run(false);
      if (pair % 2 == 1) {
        with[pair] = run(true);
      }
      if (!with[pair].parameters().equals(without[pair].parameters())) {
        throw new IOException("the parameters differ: " + with[pair] + ", " + without[pair]);
      }
    }
    print("rounds of an epoch", rounds(with), rounds(without));
    print("processor time", processor(with), processor(without));
    return 0;
  }

  private static double[] rounds(Cost[] costs) {
    return Stream.of(costs).mapToDouble(Cost::rounds).toArray();
  }

  private static double[] processor(Cost[] costs) {
    return Stream.of(costs).mapToDouble(Cost::processor).toArray();
  }

  private static void print(String what, double[] with, double[] without) {
    System.out.printf(
        "%s: with / without %s, with %s s, without %s s, %d pairs with the same parameters%n",
        what,
        Spread.ofRatios(with, without).format(3),
        Spread.of(with).format(2),
        Spread.of(without).format(2),
        with.length);
  }

  private Cost run(boolean authenticated) throws IOException, InterruptedException {
    Path folder = out.resolve(authenticated ? "with" : "without");
    List<String> command = new ArrayList<>(List.of("submit/local-cluster"));
    command.addAll(List.of("--conf", "spark.authenticate=" + authenticated));
    command.addAll(List.of("train", "--overwrite", "--model", "convolution"));
    command.addAll(List.of("--data", "synthetic", "--train-limit", "" + examples));
    command.addAll(List.of("--test-limit", "64", "--epochs", "" + epochs, "--workers", "2"));
    command.addAll(List.of("--batch-size", "64", "--averaging-period", "2"));
    command.addAll(List.of("--out", folder.toString()));
    double processor = processorSeconds(command, out.resolve(folder.getFileName() + ".log"));
    List<JsonNode> rows = Submission.rowsAfter(1, folder);
    double[] seconds =
        rows.stream()
            .filter(row -> row.path("type").asText().equals("epoch"))
            .mapToDouble(row -> row.path("round_seconds").asDouble())
            .toArray();
    String record = Files.readString(folder.resolve("run.json"));
    String parameters = record.replaceFirst("(?s).*\"parameters_sha256\" : \"(\\w+)\".*", "$1");
    return new Cost(Spread.of(seconds).median(), processor, parameters);
  }

  /** Runs a command and adds up what it and the processes that it has started have computed. */
  private static double processorSeconds(List<String> command, Path log)
      throws IOException, InterruptedException {
    File file = log.toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file).start();
    Map<Long, Duration> used = new HashMap<>();
    do {
      Stream.concat(Stream.of(process.toHandle()), process.descendants())
          .forEach(
              each ->
                  each.info()
                      .totalCpuDuration()
                      .ifPresent(spent -> used.merge(each.pid(), spent, Authentication::later)));
    } while (!process.waitFor(SAMPLE_MILLISECONDS, TimeUnit.MILLISECONDS));
    if (process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed, see " + log);
    }
    return used.values().stream().mapToLong(Duration::toMillis).sum() / 1e3;
  }

  private static Duration later(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
