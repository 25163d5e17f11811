package io.involution.bench;

import io.involution.spark.ExchangeRounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the two ways in which the workers' updates become their mean, in one JVM and with
 * executors of their own:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.Exchanging
 * </pre>
 *
 * <p>Each case runs the two in turns on one cluster, submitted by {@code submit/}; the figures are
 * the medians of the driver's time a round, and of the quotients round by round.
 */
@Command(name = "exchanging", sortOptions = false)
public final class Exchanging implements Callable<Integer> {
  @Option(
      names = "--master",
      split = ";",
      defaultValue = "local[2];local-cluster[2,1,1024]",
      description = "(${DEFAULT-VALUE})")
  private List<String> masters;

  @Option(names = "--rounds", defaultValue = "11", description = "(${DEFAULT-VALUE})")
  private String rounds;

  @Option(names = "--workers", defaultValue = "2,4,8", description = "(${DEFAULT-VALUE})")
  private String workers;

  @Option(
      names = "--floats",
      defaultValue = "13080,957534,5000000,20000000",
      description = "an update (${DEFAULT-VALUE})")
  private String floats;

  @Option(
      names = "--conf",
      description = "a setting of Spark's, such as spark.shuffle.compress=true")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--out", defaultValue = "target/bench", description = "(${DEFAULT-VALUE})")
  private Path out;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Exchanging()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path jar = JobJar.write(out, List.of(ExchangeRounds.class, Spread.class));
    for (String master : masters) {
      int status = new ProcessBuilder(command(master, jar)).inheritIO().start().waitFor();
      if (status != 0) {
        return status;
      }
    }
    return 0;
  }

  private List<String> command(String master, Path jar) {
    boolean cluster = master.startsWith("local-cluster");
    List<String> command = new ArrayList<>();
    command.add(cluster ? "submit/local-cluster" : "submit/local");
    command.addAll(List.of("--master", master, "--driver-memory", "5g", "--jars", jar.toString()));
    // The largest cases have the driver collect more than Spark lets it by default.
    command.addAll(List.of("--conf", "spark.driver.maxResultSize=0"));
    settings.forEach(setting -> command.addAll(List.of("--conf", setting)));
    command.addAll(List.of("--class", ExchangeRounds.class.getName()));
    command.addAll(List.of("exchange", rounds, workers, floats));
    return command;
  }
}
