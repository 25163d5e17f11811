package io.involution.bench;

import io.involution.data.DataSchema;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.spark.classify.Classification;
import io.involution.spark.classify.ClassifyTask;
import io.involution.spark.classify.ImageTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares classify, two tasks in one JVM, with two processes that compute as many forward passes
 * and nothing else, in turns. Classify plans a job, reads a Parquet table of raw images (with
 * {@code --png}: of PNG files, which it also decodes and scales), normalizes them, computes, and
 * writes durable Parquet files with all probabilities. The processes of {@link ForwardPasses}
 * compute the same minibatches of 256 images over one array in float32 that is there already. Both
 * sides' CPU time has that of their compiler and garbage collector. The first turn is not counted.
 *
 * <p>Speed against forward passes is their seconds over those of classify, turn by turn:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.ClassifySpeed
 * </pre>
 */
@Command(name = "classify-speed", sortOptions = false)
public final class ClassifySpeed implements Callable<Integer> {
  private static final int PROCESSES = 2;

  @Option(names = "--network", defaultValue = "convolution", description = "(${DEFAULT-VALUE})")
  private String network;

  @Option(names = "--images", defaultValue = "200000", description = "(${DEFAULT-VALUE})")
  private int images;

  @Option(names = "--rounds", defaultValue = "5", description = "(${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--png", description = "PNG files instead of raw images")
  private boolean png;

  @Option(names = "--out", defaultValue = "target/bench/classify")
  private Path out;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ClassifySpeed()).execute(arguments));
  }

  /**
   * What a turn took.
   *
   * @param seconds by the clock
   * @param cpuSeconds of all its threads
   */
  private record Turn(double seconds, double cpuSeconds) {}

  @Override
  public Integer call() throws IOException {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[" + PROCESSES + "]")
            .setAppName("classify-speed")
            .set("spark.ui.enabled", "false");
    try (JavaSparkContext context = new JavaSparkContext(conf);
        OrderedProcess first = process(1);
        OrderedProcess second = process(2)) {
      context.setLogLevel("ERROR");
      Path table = out.resolve("table-" + images);
      if (!Files.exists(table.resolve("_SUCCESS"))) {
        ClassifyTable.write(table, images);
      }
      List<Turn> ours = new ArrayList<>();
      List<Turn> bare = new ArrayList<>();
      for (int round = 0; round <= rounds; round++) {
        Turn classified = classify(context, table);
        Turn forward = forward(first, second);
        // The first round compiles.
        if (round > 0) {
          ours.add(classified);
          bare.add(forward);
        }
        System.out.printf(
            Locale.ROOT,
            "round %d: classify %.1f s (CPU %.1f s), forward passes %.1f s (CPU %.1f s), resident"
                + " %d MB%n",
            round,
            classified.seconds,
            classified.cpuSeconds,
            forward.seconds,
            forward.cpuSeconds,
            resident());
      }
      print(ours, bare);
    }
    return 0;
  }

  private void print(List<Turn> ours, List<Turn> bare) {
    double[] seconds = ours.stream().mapToDouble(Turn::seconds).toArray();
    double[] bareSeconds = bare.stream().mapToDouble(Turn::seconds).toArray();
    double[] cpu = ours.stream().mapToDouble(Turn::cpuSeconds).toArray();
    double[] bareCpu = bare.stream().mapToDouble(Turn::cpuSeconds).toArray();
    System.out.println("median (least-most), " + network + ", " + images + " images");
    System.out.println("  seconds of classify           " + Spread.of(seconds).format(2));
    System.out.println("  seconds of forward passes     " + Spread.of(bareSeconds).format(2));
    System.out.println(
        "  speed against forward passes  " + Spread.ofRatios(bareSeconds, seconds).format(3));
    System.out.println(
        "  the same by CPU time          " + Spread.ofRatios(bareCpu, cpu).format(3));
  }

  private Turn classify(JavaSparkContext context, Path table) throws IOException {
    Path to = out.resolve("classified");
    delete(to);
    NetworkBlueprint blueprint =
        NetworkBlueprint.of(
            network, BenchNetwork.named(network).kind().configuration(new NetworkOptions(1, 1e-3)));
    ComputationGraph graph = blueprint.build();
    float[] parameters = graph.params().toFloatVector();
    GraphState.close(graph);
    ImageTable rows =
        new ImageTable(
            table.toString(),
            "parquet",
            png ? "png" : "image",
            Optional.of("id"),
            png ? Optional.empty() : Optional.of("height,width"));
    ClassifyTask task = new ClassifyTask(blueprint, DataSchema.CIFAR10, !png, false, to.toString());
    double cpu = ForwardPasses.cpuSeconds();
    long begin = System.nanoTime();
    new Classification(context, rows, task, line -> {}).run(parameters, "bench", "bench");
    return new Turn((System.nanoTime() - begin) / 1e9, ForwardPasses.cpuSeconds() - cpu);
  }

  private Turn forward(OrderedProcess first, OrderedProcess second) {
    String passes = Integer.toString(images / ForwardPasses.BATCH / PROCESSES);
    long begin = System.nanoTime();
    first.order(passes);
    second.order(passes);
    double cpu = first.number("done") + second.number("done");
    return new Turn((System.nanoTime() - begin) / 1e9, cpu);
  }

  /** A process of {@link ForwardPasses}. */
  private OrderedProcess process(int number) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            OrderedProcess.java(),
            "-cp",
            System.getProperty("java.class.path"),
            ForwardPasses.class.getName(),
            network);
    return new OrderedProcess("forward-passes-" + number, builder, out);
  }

  /** Megabytes of this process in memory. */
  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted((a, b) -> b.compareTo(a)).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
