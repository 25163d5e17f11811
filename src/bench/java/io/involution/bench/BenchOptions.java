package io.involution.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The runner's options. */
final class BenchOptions {
  @Option(names = "--rounds", defaultValue = "7", description = "rounds (${DEFAULT-VALUE})")
  int rounds;

  @Option(
      names = "--steps",
      defaultValue = "3",
      description = "timed steps per turn (${DEFAULT-VALUE})")
  int steps;

  @Option(names = "--batch", defaultValue = "256", description = "batch size (${DEFAULT-VALUE})")
  int batch;

  @Option(
      names = "--check-steps",
      defaultValue = "16",
      description = "steps over which each loss has to fall first (${DEFAULT-VALUE})")
  int checkSteps;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      description = "seconds each trains before the first round (${DEFAULT-VALUE})")
  int warmUpSeconds;

  @Option(
      names = "--only",
      split = ",",
      defaultValue = "ours,pytorch,tensorflow,dl4j,gemm",
      description = "contenders (${DEFAULT-VALUE})")
  List<String> only;

  @Option(
      names = "--network",
      defaultValue = "both",
      description = "convolution, involution or both (${DEFAULT-VALUE})")
  String network;

  @Option(names = "--threads", split = ",", defaultValue = "1,2", description = "threads (1,2)")
  List<Integer> threads;

  @Option(
      names = "--formulation",
      description = "CONTENDER=NAME instead of its fastest, such as pytorch=channels-first")
  Map<String, String> formulations = Map.of();

  @Option(names = "--out", defaultValue = "target/bench", description = "(${DEFAULT-VALUE})")
  Path out;

  @Option(names = "--help", usageHelp = true, description = "prints this")
  boolean help;

  List<BenchNetwork> networks() {
    return Arrays.stream(BenchNetwork.values())
        .filter(each -> network.equals("both") || network.equals(each.label()))
        .toList();
  }

  /** The contenders of a network, each with every number of threads. */
  List<Entrant> entrants(BenchNetwork of) {
    List<Entrant> entrants = new ArrayList<>();
    for (int each : threads) {
      only.stream()
          .map(Contender::named)
          .filter(contender -> contender.enters(of))
          .forEach(contender -> entrants.add(new Entrant(contender, each)));
    }
    return entrants;
  }
}
