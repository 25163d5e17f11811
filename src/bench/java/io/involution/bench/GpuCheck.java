package io.involution.bench;

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
import io.involution.train.Round;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The engine on a GPU: {@code prepare FILE} writes what it is to train, which takes ND4J's native
 * libraries; {@code run FILE [LIBCUDA [STEPS]]}, which needs none, trains what must give the
 * recorded bits, times a step of every network with minibatches of 256, and exits with 1 if bits
 * differ.
 */
public final class GpuCheck {
  private static final int BATCH = 256;
  private static final String STEPS = "200";
  private static final int ROUNDS = 5;
  private static final int CLASSES = 10;

  private GpuCheck() {}

  /** What is written and read. */
  private record Prepared(List<GoldenTraining> golden, Map<String, CudaNetwork> networks)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Prepares or runs.
   *
   * @param arguments as above
   * @throws IOException when the file cannot be written or read
   * @throws ClassNotFoundException when it is another version's
   */
  public static void main(String[] arguments) throws IOException, ClassNotFoundException {
    Path file = Path.of(arguments[1]);
    if (arguments[0].equals("prepare")) {
      prepare(file);
      return;
    }
    CudaLibrary library = CudaLibrary.of(arguments.length > 2 ? arguments[2] : CudaLibrary.NAME);
    DeviceFacts facts = library.facts(0);
    say(
        "{\"device\": \"%s\", \"capability\": \"%s\", \"driver\": \"%s\"}",
        facts.name(), facts.capability(), library.driverName());
    try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
      Prepared prepared = (Prepared) in.readObject();
      boolean same = hasRecordedBits(prepared.golden, library);
      int steps = Integer.parseInt(arguments.length > 3 ? arguments[3] : STEPS);
      prepared.networks.forEach((name, network) -> time(name, network, library, steps(steps)));
      say("%s", same ? "PASS" : "FAIL");
      System.exit(same ? 0 : 1);
    }
  }

  private static void prepare(Path file) throws IOException {
    Map<String, CudaNetwork> networks = new LinkedHashMap<>();
    for (NetworkKind kind : NetworkKind.values()) {
      networks.put(
          kind.label(),
          new CudaNetwork(
              NetworkBlueprint.of(
                  kind.label(), kind.configuration(new NetworkOptions(42, 0.001)))));
    }
    try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(file))) {
      out.writeObject(new Prepared(new ArrayList<>(GoldenTraining.all()), networks));
    }
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
      String name, CudaNetwork network, CudaLibrary library, LocalSteps steps) {
    try (CudaEngine engine = new CudaEngine(network, library, 0)) {
      engine.take(steps, () -> false);
      double[] each = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        engine.take(steps, () -> false);
        each[round] = (System.nanoTime() - start) / 1e3 / steps.steps();
      }
      Arrays.sort(each);
      say(
          "{\"network\": \"%s\", \"batch\": %d, \"step_us\": %.1f, \"least\": %.1f, \"most\":"
              + " %.1f}",
          name, BATCH, each[ROUNDS / 2], each[0], each[ROUNDS - 1]);
    }
  }

  private static LocalSteps steps(int count) {
    int size = BATCH * count;
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
        new int[0],
        IntStream.rangeClosed(0, count).map(step -> step * BATCH).toArray(),
        new Assignment(0, new Round(1, 1, 0, count, count), 1, false));
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
