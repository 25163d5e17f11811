package io.involution.bench.contender;

import io.involution.bench.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The contender's side of the protocol: chooses the fastest formulation, checks that the loss
 * falls, and then takes steps when the runner says so. Replies go to what was standard output when
 * it began; the output of libraries goes to standard error.
 */
final class ContenderLoop {
  private static final int SELECTION_ROUNDS = 5;

  private final PrintStream replies;
  private final Peer peer;
  private final ContenderOptions options;

  private ContenderLoop(PrintStream replies, Peer peer, ContenderOptions options) {
    this.replies = replies;
    this.peer = peer;
    this.options = options;
  }

  /** Serves the runner until it says quit or goes away. */
  static void serve(Peer peer, String... arguments) throws IOException {
    PrintStream replies = System.out;
    System.setOut(System.err);
    ContenderLoop loop = new ContenderLoop(replies, peer, ContenderOptions.parse(arguments));
    String formulation = loop.chooseFormulation();
    try (Training training = peer.start(loop.options, formulation)) {
      loop.check(training, formulation);
      loop.obey(training);
    }
  }

  private String chooseFormulation() {
    if (!options.formulation().isEmpty()) {
      return options.formulation();
    }
    List<String> formulations = peer.formulations(options);
    if (formulations.size() == 1) {
      return formulations.get(0);
    }
    Map<String, Double> seconds = measure(formulations);
    seconds.forEach((name, each) -> replies.println(Reply.formulation(name, each)));
    return seconds.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** The least time of a step in each formulation, over rounds in alternating order. */
  private Map<String, Double> measure(List<String> formulations) {
    Map<String, Training> trainings = new LinkedHashMap<>();
    Map<String, Double> least = new LinkedHashMap<>();
    for (String name : formulations) {
      Training training = peer.start(options, name);
      training.run(2);
      trainings.put(name, training);
    }
    for (int round = 0; round < SELECTION_ROUNDS; round++) {
      trainings.forEach(
          (name, training) -> least.merge(name, training.run(1).seconds(), Math::min));
    }
    trainings.values().forEach(Training::close);
    return least;
  }

  /**
   * Compares the mean loss of the first pass over the data with that of the last, then warms up.
   */
  private void check(Training training, String formulation) {
    List<Double> losses = new ArrayList<>();
    int passes = Math.max(2, options.checkSteps() / BenchData.BATCHES);
    for (int pass = 0; pass < passes; pass++) {
      losses.add(training.run(BenchData.BATCHES).loss());
    }
    double first = losses.get(0);
    double last = losses.get(passes - 1);
    if (training.learns() && !fell(losses)) {
      throw new IllegalStateException("it does not learn: mean losses by pass " + losses);
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.warmUpSeconds());
    while (System.nanoTime() < end) {
      training.run(1);
    }
    replies.println(Reply.ready(formulation, training.size(), first, last));
  }

  private static boolean fell(List<Double> losses) {
    return losses.stream().allMatch(Double::isFinite)
        && losses.get(losses.size() - 1) < losses.get(0);
  }

  private void obey(Training training) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ", -1);
      if (!words[0].equals("step")) {
        throw new IllegalArgumentException("unknown order " + Arrays.toString(words));
      }
      // The others have been at work since: one step to fetch caches and threads back.
      training.run(1);
      replies.println(Reply.seconds(training.run(Integer.parseInt(words[1])).seconds()));
    }
  }
}
