package io.involution.bench;

import io.involution.config.Precision;
import io.involution.cuda.CudaEngine;
import io.involution.cuda.CudaNetwork;
import io.involution.cuda.GoldenTraining;
import io.involution.cuda.driver.CudaLibrary;
import io.involution.cuda.driver.DeviceFacts;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.train.Assignment;
import io.involution.train.LocalSteps;
import io.involution.train.time.Round;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The engine on the first GPU of this host. {@code golden} trains what must give the recorded bits,
 * and exits with 1 if they differ; {@code steps} times a step of every network with minibatches of
 * 256, on tensor cores too where the device has them and the network has convolutions; {@code
 * tensors} compares a step on tensor cores with one in float32, and with itself; {@code classpath}
 * prints the class path that it runs with. A second argument names another libcuda, a third the
 * number of steps of a round; deep networks take a fifth of them.
 */
public final class GpuCheck {
  private static final int BATCH = 256;
  private static final String STEPS = "200";
  private static final int ROUNDS = 5;
  private static final int CLASSES = 10;

  /** Examples of the step that is compared; a few of the last tile's are missing. */
  private static final String FEW = "61";

  /**
   * Factors are rounded by 5e-4; of random images the gradients are small differences, and a pool
   * or a ReLU now and then decides otherwise. Wrong products are off by 1.
   */
  private static final double MOST_ERROR = 0.1;

  /** Networks of few layers, which carry rounding errors not far. */
  private static final List<NetworkKind> CONVOLVING =
      List.of(NetworkKind.CONVOLUTION, NetworkKind.WIDE_INVOLUTION);

  private GpuCheck() {}

  /** Checks, times, or prints, as above. */
  public static void main(String[] arguments) {
    if (arguments[0].equals("classpath")) {
      say("%s", System.getProperty("java.class.path"));
      return;
    }
    CudaLibrary library = CudaLibrary.of(arguments.length > 1 ? arguments[1] : CudaLibrary.NAME);
    DeviceFacts facts = library.facts(0);
    say(
        "{\"device\": \"%s\", \"capability\": \"%s\", \"driver\": \"%s\"}",
        facts.name(), facts.capability(), library.driverName());
    boolean tensorCores = 10 * facts.major() >= Precision.TF32.leastCapability();
    if (arguments[0].equals("steps")) {
      int count = Integer.parseInt(arguments.length > 2 ? arguments[2] : STEPS);
      LocalSteps many = steps(count, BATCH);
      LocalSteps few = steps(Math.max(1, count / 5), BATCH);
      for (NetworkKind kind : NetworkKind.values()) {
        LocalSteps steps = NetworkKind.SMALL.contains(kind) ? many : few;
        time(kind, library, steps, Precision.FLOAT32);
        if (tensorCores && kind != NetworkKind.INVOLUTION) {
          time(kind, library, steps, Precision.TF32);
        }
      }
      return;
    }
    boolean sound = true;
    if (arguments[0].equals("tensors")) {
      LocalSteps step = steps(1, Integer.parseInt(arguments.length > 2 ? arguments[2] : FEW));
      for (NetworkKind kind : tensorCores ? CONVOLVING : List.<NetworkKind>of()) {
        sound &= isNearFloat32(kind, library, step);
      }
    } else {
      sound = hasRecordedBits(GoldenTraining.all(), library);
    }
    say("%s", sound ? "PASS" : "FAIL");
    System.exit(sound ? 0 : 1);
  }

  /** Compares Adam's moments, which are the gradients, after a step in both precisions. */
  private static boolean isNearFloat32(NetworkKind kind, CudaLibrary library, LocalSteps step) {
    float[] wanted = moments(kind, library, step, Precision.FLOAT32);
    float[] found = moments(kind, library, step, Precision.TF32);
    boolean repeatable = Arrays.equals(found, moments(kind, library, step, Precision.TF32));
    double error = 0;
    double norm = 0;
    for (int i = 0; i < wanted.length; i++) {
      error += Math.pow(found[i] - wanted[i], 2);
      norm += Math.pow(wanted[i], 2);
    }
    double relative = Math.sqrt(error / norm);
    say(
        "{\"network\": \"%s\", \"tf32_error\": %.2e, \"repeatable\": %b}",
        kind.label(), relative, repeatable);
    return repeatable && relative > 0 && relative < MOST_ERROR;
  }

  private static float[] moments(
      NetworkKind kind, CudaLibrary library, LocalSteps step, Precision precision) {
    try (CudaEngine engine = new CudaEngine(network(kind), library, 0, precision)) {
      engine.take(step, () -> false);
      return engine.capture().updater();
    }
  }

  private static CudaNetwork network(NetworkKind kind) {
    return new CudaNetwork(
        NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(42, 0.001))));
  }

  private static boolean hasRecordedBits(List<GoldenTraining> trainings, CudaLibrary library) {
    List<String> recorded = GoldenTraining.recorded();
    boolean same = trainings.size() == recorded.size();
    for (GoldenTraining training : trainings) {
      String line = training.line(library, 0);
      boolean found = recorded.contains(line);
      same &= found;
      say("%s %s", found ? "same bits" : "OTHER BITS", line);
    }
    return same;
  }

  /** Prints the time of a step, with all that a round costs besides, in microseconds. */
  private static void time(
      NetworkKind kind, CudaLibrary library, LocalSteps steps, Precision precision) {
    try (CudaEngine engine = new CudaEngine(network(kind), library, 0, precision)) {
      engine.take(steps, () -> false);
      double[] each = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        engine.take(steps, () -> false);
        each[round] = (System.nanoTime() - start) / 1e3 / steps.steps();
      }
      Spread spread = Spread.of(each);
      say(
          "{\"network\": \"%s\", \"precision\": \"%s\", \"batch\": %d, \"step_us\": %.1f,"
              + " \"least\": %.1f, \"most\": %.1f}",
          kind.label(), precision.word(), BATCH, spread.median(), spread.least(), spread.most());
    }
  }

  private static LocalSteps steps(int count, int batch) {
    int size = batch * count;
    Random random = new Random(1);
    byte[] pixels = new byte[size * ImageShape.CIFAR10.pixels()];
    random.nextBytes(pixels);
    short[] labels = new short[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (short) random.nextInt(CLASSES);
    }
    return new LocalSteps(
        new Shard(ImageShape.CIFAR10, CLASSES, pixels, labels),
        random.ints(0, size).distinct().limit(size).toArray(),
        new long[0],
        IntStream.rangeClosed(0, count).map(step -> step * batch).toArray(),
        new Assignment(0, new Round(1, 1, 0, count, count), 1));
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
