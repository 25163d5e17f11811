package io.involution.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A whole epoch's rounds by this project's trainer against deeplearning4j-spark's own, with the
 * same layers, data and averaging period, in turns, each run by {@code submit/local}:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.Trainers
 * </pre>
 *
 * <p>A run counts by the median of its epochs without the first, in which the JVM compiles.
 * Evaluations are left out: both trainers have the same.
 */
@Command(name = "trainers", sortOptions = false)
public final class Trainers implements Callable<Integer> {
  @Option(names = "--networks", split = ",", defaultValue = "convolution,involution")
  private List<String> networks;

  @Option(names = "--periods", split = ",", defaultValue = "4,16", description = "(4,16)")
  private List<Integer> periods;

  @Option(names = "--workers", defaultValue = "2", description = "(${DEFAULT-VALUE})")
  private int workers;

  @Option(names = "--rounds", defaultValue = "3", description = "pairs (${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--epochs", defaultValue = "3", description = "a run (${DEFAULT-VALUE})")
  private int epochs;

  @Option(names = "--examples", defaultValue = "8192", description = "(${DEFAULT-VALUE})")
  private int examples;

  @Option(
      names = "--out",
      defaultValue = "target/bench/trainers",
      description = "(${DEFAULT-VALUE})")
  private Path out;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Trainers()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(out);
    for (String network : networks) {
      for (int period : periods) {
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        for (int round = 0; round < rounds; round++) {
          ours[round] = epoch("averaging", network, period);
          theirs[round] = epoch("dl4j-spark", network, period);
        }
        System.out.printf(
            "%s, H %d, %d workers: ours / dl4j-spark %s, ours %s s, theirs %s s%n",
            network,
            period,
            workers,
            Spread.ofRatios(ours, theirs).format(2),
            Spread.of(ours).format(2),
            Spread.of(theirs).format(2));
      }
    }
    return 0;
  }

  /** Seconds of an epoch's rounds. */
  private double epoch(String trainer, String network, int period)
      throws IOException, InterruptedException {
    Path folder = out.resolve(trainer);
    List<String> command = new ArrayList<>(List.of("submit/local", "train", "--overwrite"));
    command.addAll(List.of("--trainer", trainer, "--model", network, "--data", "synthetic"));
    command.addAll(List.of("--averaging-period", "" + period, "--workers", "" + workers));
    command.addAll(List.of("--epochs", "" + epochs, "--train-limit", "" + examples));
    command.addAll(List.of("--test-limit", "256", "--out", folder.toString()));
    Path log = out.resolve(trainer + ".log");
    Submission.run(command, log);
    double[] seconds =
        Submission.rowsAfter(1, folder).stream()
            .filter(row -> row.path("type").asText().equals("epoch"))
            .mapToDouble(row -> row.path("round_seconds").asDouble())
            .toArray();
    return Spread.of(seconds).median();
  }
}
