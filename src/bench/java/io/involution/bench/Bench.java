package io.involution.bench;

import io.involution.bench.contender.ContenderOptions;
import io.involution.metrics.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Times one training step of both networks here, in PyTorch, TensorFlow and stock DL4J, and the
 * GEMM limit, in alternating order in JVMs of their own:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.arguments="--network involution --only ours,pytorch"
 * </pre>
 *
 * <p>Every contender first measures the formulations that it knows, keeps the fastest, and shows
 * that its loss falls. Then they take turns: a step to warm up again, and a few that are timed. The
 * machine should have nothing else to do. The measurements are also written to {@code
 * target/bench/NETWORK.json}, the contenders' own output to {@code target/bench/*.log}.
 */
@Command(name = "bench", sortOptions = false)
public final class Bench implements Callable<Integer> {
  @Mixin private BenchOptions options = new BenchOptions();

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    for (BenchNetwork network : options.networks()) {
      List<Entry> entries = measure(network);
      System.out.print(new ResultTable(entries).text());
      Path file = options.out.resolve(network.label() + ".json");
      Files.write(file, Json.pretty(report(network, entries)));
      System.out.println("written to " + file + "\n");
    }
    return 0;
  }

  private List<Entry> measure(BenchNetwork network) throws IOException {
    System.out.printf(
        "%s network, batch %d, %d rounds of %d steps%n",
        network.label(), options.batch, options.rounds, options.steps);
    Map<Entrant, ContenderProcess> processes = new LinkedHashMap<>();
    try {
      List<Entry> entries = new ArrayList<>();
      for (Entrant entrant : options.entrants(network)) {
        entries.add(start(entrant, network, processes));
      }
      for (int round = 0; round < options.rounds; round++) {
        for (Entry entry : entries) {
          entry.seconds()[round] = processes.get(entry.entrant()).step(options.steps);
        }
      }
      return entries;
    } finally {
      processes.values().forEach(ContenderProcess::close);
    }
  }

  private Entry start(
      Entrant entrant, BenchNetwork network, Map<Entrant, ContenderProcess> processes)
      throws IOException {
    ContenderOptions contenderOptions =
        new ContenderOptions(
            network,
            entrant.threads(),
            options.batch,
            options.checkSteps,
            options.warmUpSeconds,
            options.formulations.getOrDefault(entrant.contender().label(), ""));
    ContenderProcess process =
        new ContenderProcess(entrant, contenderOptions, options.out.toAbsolutePath());
    processes.put(entrant, process);
    Greeting greeting = process.awaitReady();
    Entry entry = new Entry(entrant, greeting, new double[options.rounds]);
    entry.checkSize(network);
    System.out.println(entry.introduction());
    return entry;
  }

  private Map<String, Object> report(BenchNetwork network, List<Entry> entries) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("network", network.label());
    report.put("batch", options.batch);
    report.put("steps_per_round", options.steps);
    report.put("processors", Runtime.getRuntime().availableProcessors());
    report.put("java", System.getProperty("java.vm.version"));
    report.put("contenders", entries.stream().map(Entry::report).toList());
    report.put("ratios", new ResultTable(entries).ratios());
    return report;
  }
}
