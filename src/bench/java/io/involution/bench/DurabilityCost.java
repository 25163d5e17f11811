package io.involution.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.files.Content;
import io.involution.files.Disk;
import io.involution.files.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a run pays for being on the disk before it says so: the same run in turns with a disk that
 * it waits for and one that it never waits for, and the waits themselves. The first pair does not
 * count:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.DurabilityCost
 * </pre>
 */
@Command(name = "durability-cost", sortOptions = false)
public final class DurabilityCost implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double DEFAULT_EXAMPLES = 50_000;

  @Option(names = "--pairs", defaultValue = "6", description = "(${DEFAULT-VALUE})")
  private int pairs;

  @Option(names = "--epochs", defaultValue = "10", description = "(${DEFAULT-VALUE})")
  private int epochs;

  @Option(names = "--examples", defaultValue = "2560", description = "(${DEFAULT-VALUE})")
  private int examples;

  @Option(names = "--out", defaultValue = "target/bench", description = "(${DEFAULT-VALUE})")
  private Path out;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DurabilityCost()).execute(arguments));
  }

  /**
   * What one run took.
   *
   * @param ofEpochs waits at the ends of epochs
   * @param epochSeconds how long they took
   * @param others waits at the run's start and end
   * @param otherSeconds how long they took
   * @param seconds from the first write to the last
   * @param epoch seconds of an epoch of the default's size, both networks' together, at the speed
   *     of this run
   */
  private record Cost(
      int ofEpochs,
      double epochSeconds,
      int others,
      double otherSeconds,
      double seconds,
      double epoch) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Class<?>> types =
        new ArrayList<>(List.of(MeasuredDisk.class, Disk.class, LocalDisk.class, Content.class));
    for (Class<?> nested : MeasuredDisk.class.getDeclaredClasses()) {
      types.add(nested);
      types.addAll(Arrays.asList(nested.getDeclaredClasses()));
    }
    Path jar = JobJar.write(out, types);
    List<Cost> with = new ArrayList<>();
    List<Cost> without = new ArrayList<>();
    for (int pair = 0; pair <= pairs; pair++) {
      // The order alternates.
      Cost first = run(jar, pair % 2 == 0, pair);
      Cost second = run(jar, pair % 2 != 0, pair);
      if (pair > 0) {
        with.add(pair % 2 == 0 ? first : second);
        without.add(pair % 2 == 0 ? second : first);
        print(with.get(pair - 1), without.get(pair - 1));
      }
    }
    summarize(with, without);
    return 0;
  }

  private Cost run(Path jar, boolean waits, int pair) throws IOException, InterruptedException {
    String name = "durability-" + pair + (waits ? "-waits" : "-does-not");
    Path told = out.resolve(name + ".txt").toAbsolutePath();
    List<String> command =
        new ArrayList<>(List.of("submit/local", "--driver-class-path", jar.toString()));
    for (String setting :
        List.of(
            "fs.file.impl=" + MeasuredDisk.class.getName(),
            MeasuredDisk.WAITS + "=" + waits,
            MeasuredDisk.OUT + "=" + told)) {
      command.addAll(List.of("--conf", "spark.hadoop." + setting));
    }
    String words = "train --data synthetic --workers 2 --test-limit 512 --overwrite --epochs ";
    command.addAll(List.of((words + epochs).split(" ", -1)));
    Path run = out.resolve(name).toAbsolutePath();
    command.addAll(List.of("--train-limit", "" + examples, "--out", run.toString()));
    Submission.run(command, out.resolve(name + ".log"));
    String[] numbers = Files.readString(told).split(" ", -1);
    return new Cost(
        Integer.parseInt(numbers[0]),
        Double.parseDouble(numbers[1]),
        Integer.parseInt(numbers[2]),
        Double.parseDouble(numbers[3]),
        Double.parseDouble(numbers[4]),
        defaultEpoch(run));
  }

  private static double defaultEpoch(Path run) throws IOException {
    double seconds = 0;
    for (JsonNode model : JSON.readTree(run.resolve("run.json").toFile()).path("results")) {
      seconds += DEFAULT_EXAMPLES / model.path("examples_per_second").asDouble();
    }
    return seconds;
  }

  private static void print(Cost with, Cost without) {
    System.out.printf(
        Locale.ROOT,
        "%.2f s with waits (%d at epochs' ends, %.3f s; %d others, %.3f s), %.2f s without%n",
        with.seconds(),
        with.ofEpochs(),
        with.epochSeconds(),
        with.others(),
        with.otherSeconds(),
        without.seconds());
  }

  private void summarize(List<Cost> with, List<Cost> without) {
    double[] on = with.stream().mapToDouble(Cost::seconds).toArray();
    double[] off = without.stream().mapToDouble(Cost::seconds).toArray();
    System.out.printf("run with waits / without: %s%n", Spread.ofRatios(on, off).format(3));
    say("ms of waits an epoch, both networks", with, 1, cost -> 1e3 * cost.epochSeconds() / epochs);
    say("ms of waits at start and end", with, 1, cost -> 1e3 * cost.otherSeconds());
    say("s of a default epoch, both networks", with, 1, Cost::epoch);
    say(
        "% of a default run of 20 epochs",
        with,
        3,
        cost ->
            100
                * (cost.epochSeconds() / epochs + cost.otherSeconds() / 20)
                / (cost.epoch() + cost.epochSeconds() / epochs));
  }

  private static void say(
      String what, List<Cost> costs, int decimals, ToDoubleFunction<Cost> figure) {
    double[] figures = costs.stream().mapToDouble(figure).toArray();
    System.out.printf("%s: %s%n", what, Spread.of(figures).format(decimals));
  }
}
