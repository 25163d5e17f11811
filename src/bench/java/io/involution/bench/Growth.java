package io.involution.bench;

import io.involution.bench.contender.BenchData;
import io.involution.bench.contender.OurTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.Pointer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Watches the resident memory of a JVM that trains, periodic garbage collection off:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.Growth
 * </pre>
 *
 * <p>Each network gets a JVM of its own with a small heap of fixed size, which is full of garbage
 * soon; what grows after the warm-up is native memory. Ends with status 1 when a sample then
 * differs from their median by more than 2 %.
 */
@Command(name = "growth", sortOptions = false)
public final class Growth implements Callable<Integer> {
  private static final double TOLERANCE = 0.02;

  @Option(names = "--network", defaultValue = "both", description = "(${DEFAULT-VALUE})")
  private String network;

  @Option(names = "--steps", defaultValue = "2000", description = "(${DEFAULT-VALUE})")
  private int steps;

  @Option(names = "--warm-up", defaultValue = "2000", description = "steps (${DEFAULT-VALUE})")
  private int warmUp;

  @Option(names = "--every", defaultValue = "50", description = "a sample (${DEFAULT-VALUE})")
  private int every;

  @Option(names = "--batch", defaultValue = "256", description = "(${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--threads", defaultValue = "1", description = "(${DEFAULT-VALUE})")
  private int threads;

  @Option(names = "--heap", defaultValue = "256m", description = "(${DEFAULT-VALUE})")
  private String heap;

  @Option(names = "--in-this-jvm", hidden = true)
  private boolean inThisJvm;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Growth()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (inThisJvm) {
      return watch(BenchNetwork.named(network)) ? 0 : 1;
    }
    int status = 0;
    for (BenchNetwork each : BenchNetwork.values()) {
      if (network.equals("both") || network.equals(each.label())) {
        status = Math.max(status, start(each));
      }
    }
    return status;
  }

  private int start(BenchNetwork each) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(OrderedProcess.java());
    // The heap and the collector's tables are all resident at once: what grows then is not theirs.
    command.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch"));
    command.addAll(List.of("-Dorg.bytedeco.javacpp.maxbytes=4g"));
    command.addAll(List.of("-Dorg.bytedeco.javacpp.maxphysicalbytes=8g"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Growth.class.getName()));
    command.addAll(List.of("--in-this-jvm", "--network", each.label()));
    command.addAll(List.of("--steps", Integer.toString(steps), "--every", Integer.toString(every)));
    command.addAll(List.of("--warm-up", Integer.toString(warmUp)));
    command.addAll(List.of("--batch", Integer.toString(batch)));
    command.addAll(List.of("--threads", Integer.toString(threads)));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.start().waitFor();
  }

  private boolean watch(BenchNetwork chosen) throws IOException {
    double[] samples = new double[steps / every];
    try (OurTraining training = new OurTraining(chosen.kind(), new BenchData(batch), threads)) {
      // The JVM's compilers keep memory, and compile again after a thousand steps and more.
      training.run(warmUp);
      for (int sample = 0; sample < samples.length; sample++) {
        training.run(every);
        samples[sample] = residentMegabytes();
        System.out.printf(
            "%s step %d: %.1f MB resident, %.1f MB of them allocated by JavaCPP%n",
            chosen.label(), (sample + 1) * every, samples[sample], Pointer.totalBytes() / 1e6);
      }
    }
    Spread spread = Spread.of(samples);
    boolean flat =
        spread.least() >= spread.median() * (1 - TOLERANCE)
            && spread.most() <= spread.median() * (1 + TOLERANCE);
    System.out.printf(
        "%s: MB resident after warm-up %s: %s%n",
        chosen.label(), spread.format(1), flat ? "flat" : "not flat");
    return flat;
  }

  private static double residentMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }
}
