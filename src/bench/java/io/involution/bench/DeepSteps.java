package io.involution.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Times one training step of the deep networks here and in PyTorch, in alternating order in
 * processes of their own. PyTorch's forms (the layout of images, and how an involution is written)
 * are tried first, and the fastest stays:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.DeepSteps "-Dbench.arguments=--python VENV/bin/python"
 * </pre>
 *
 * <p>The Python must have {@code torch}; {@code --forms shifts+compiled} tries torch.compile, which
 * wants a C++ compiler. The machine should have nothing else to do.
 */
@Command(name = "deep-steps", sortOptions = false)
public final class DeepSteps implements Callable<Integer> {
  private static final int TRIES = 3;

  @Option(names = "--python", required = true, description = "a Python that has torch")
  private String python;

  @Option(names = "--script", defaultValue = "src/bench/cpu/deep_steps.py")
  private Path script;

  @Option(
      names = "--network",
      split = ",",
      defaultValue = "deep-convolution,deep-involution",
      description = "(${DEFAULT-VALUE})")
  private List<String> networks;

  @Option(names = "--threads", split = ",", defaultValue = "1,2", description = "(1,2)")
  private List<Integer> threads;

  @Option(
      names = "--layouts",
      split = ",",
      defaultValue = "channels-first,channels-last",
      description = "PyTorch's (${DEFAULT-VALUE})")
  private List<String> layouts;

  @Option(
      names = "--forms",
      split = ",",
      defaultValue = "shifts,unfold",
      description = "of an involution in PyTorch (${DEFAULT-VALUE})")
  private List<String> forms;

  @Option(names = "--batch", defaultValue = "256", description = "(${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--rounds", defaultValue = "7", description = "(${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--steps", defaultValue = "3", description = "of a turn (${DEFAULT-VALUE})")
  private int steps;

  @Option(names = "--warm-up", defaultValue = "12", description = "of our steps (${DEFAULT-VALUE})")
  private int warmUp;

  @Option(names = "--out", defaultValue = "target/bench", description = "(${DEFAULT-VALUE})")
  private Path out;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DeepSteps()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    for (String network : networks) {
      for (int each : threads) {
        compare(network, each);
      }
    }
    return 0;
  }

  private void compare(String network, int of) throws IOException {
    List<String> best = fastest(network, of);
    double[] ours = new double[rounds];
    double[] torch = new double[rounds];
    try (OrderedProcess own = own(network, of);
        OrderedProcess peer = start(network + "-torch", best)) {
      long parameters = (long) own.number("ready");
      long theirs = (long) peer.number("ready");
      if (parameters != theirs) {
        throw new IllegalStateException(parameters + " parameters here, " + theirs + " in PyTorch");
      }
      take(own, warmUp);
      for (int round = 0; round < rounds; round++) {
        ours[round] = 1000 * take(own, steps);
        torch[round] = 1000 * take(peer, steps);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %d thread(s), batch %d, median (least-most) of %d rounds%n"
            + "  ms here     %s%n  ms PyTorch  %s, %s%n  here/PyTorch %s%n",
        network,
        of,
        batch,
        rounds,
        Spread.of(ours).format(1),
        Spread.of(torch).format(1),
        String.join(" ", best.subList(best.size() - 2, best.size())),
        Spread.ofRatios(ours, torch).format(3));
  }

  private OrderedProcess own(String network, int of) throws IOException {
    return start(
        network + "-ours",
        List.of(
            OrderedProcess.java(),
            "-Xmx2g",
            "-cp",
            System.getProperty("java.class.path"),
            OurSteps.class.getName(),
            network,
            Integer.toString(of),
            Integer.toString(batch)));
  }

  /** The command of PyTorch's fastest form. */
  private List<String> fastest(String network, int of) throws IOException {
    List<String> best = List.of();
    double least = Double.POSITIVE_INFINITY;
    for (String layout : layouts) {
      for (String form : network.equals("deep-involution") ? forms : forms.subList(0, 1)) {
        List<String> command =
            List.of(
                python,
                script.toString(),
                network,
                Integer.toString(of),
                Integer.toString(batch),
                layout,
                form);
        try (OrderedProcess tried = start(network + "-" + layout + "-" + form, command)) {
          double[] seconds = new double[TRIES];
          Arrays.setAll(seconds, i -> take(tried, 1));
          double fast = Arrays.stream(seconds).min().orElseThrow();
          System.out.printf(Locale.ROOT, "  %s %s: %.1f ms%n", layout, form, 1000 * fast);
          if (fast < least) {
            least = fast;
            best = command;
          }
        }
      }
    }
    return best;
  }

  private OrderedProcess start(String name, List<String> command) throws IOException {
    return new OrderedProcess(name, new ProcessBuilder(command), out);
  }

  /** Mean seconds of a step, of so many. */
  private static double take(OrderedProcess process, int count) {
    process.order(Integer.toString(count));
    return process.number("seconds");
  }
}
