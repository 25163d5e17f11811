package io.involution.bench;

import io.involution.spark.OverheadRounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the overhead of a round beyond its slowest worker's local steps, in turns with an empty
 * Spark job of as many tasks in the same application, by the clock and in processor time:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.RoundOverhead
 * </pre>
 *
 * With {@code -Dbench.arguments=--instant}, local steps take no time, as if on a fast GPU, and a
 * round beside an evaluation is compared with one after it; with {@code --cluster}, every worker
 * has an executor of its own.
 */
@Command(name = "round-overhead", sortOptions = false)
public final class RoundOverhead implements Callable<Integer> {
  @Option(names = "--network", defaultValue = "convolution", description = "(${DEFAULT-VALUE})")
  private String network;

  @Option(names = "--workers", split = ",", defaultValue = "2,4,8", description = "(2,4,8)")
  private List<Integer> workers;

  @Option(names = "--rounds", defaultValue = "41", description = "(${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--batch", defaultValue = "256", description = "(${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--instant", description = "local steps that compute nothing")
  private boolean instant;

  @Option(names = "--cluster", description = "a JVM for each worker")
  private boolean cluster;

  @Option(names = "--conf", description = "a Spark setting")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--out", defaultValue = "target/bench", description = "(${DEFAULT-VALUE})")
  private Path out;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new RoundOverhead()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Class<?>> types = new ArrayList<>(List.of(OverheadRounds.class, Spread.class));
    types.addAll(Arrays.asList(OverheadRounds.class.getDeclaredClasses()));
    Path jar = JobJar.write(out, types);
    for (int each : workers) {
      int status = new ProcessBuilder(command(each, jar)).inheritIO().start().waitFor();
      if (status != 0) {
        return status;
      }
    }
    return 0;
  }

  private List<String> command(int each, Path jar) {
    List<String> command =
        new ArrayList<>(List.of(cluster ? "submit/local-cluster" : "submit/local"));
    String master = cluster ? "local-cluster[" + each + ",1,1024]" : "local[" + each + "]";
    command.addAll(List.of("--master", master, "--jars", jar.toString()));
    settings.forEach(setting -> command.addAll(List.of("--conf", setting)));
    command.addAll(List.of("--class", OverheadRounds.class.getName(), "round-overhead"));
    command.addAll(List.of(network, "" + rounds, "" + each, "" + batch, "" + instant));
    return command;
  }
}
