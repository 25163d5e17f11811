package io.involution.cuda;

import static io.involution.cuda.CudaEngineFixture.blueprint;
import static io.involution.cuda.CudaEngineFixture.dense;
import static io.involution.cuda.CudaEngineFixture.shard;
import static io.involution.cuda.CudaEngineFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.Precision;
import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.GlobalPool;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.train.Assignment;
import io.involution.train.LocalSteps;
import io.involution.train.time.Round;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;

/**
 * The kernels under ThreadSanitizer, AddressSanitizer and UndefinedBehaviorSanitizer: the first
 * launch of every shape is recorded while small networks train, and run again in a process of its
 * own.
 */
class SanitizersTest {
  private static final Pattern KERNEL =
      Pattern.compile(
          "extern \"C\" __global__ void\\s+(?:__launch_bounds__\\([^)]*\\)\\s*)?(\\w+)\\s*\\(");

  /** Images of four pixels. */
  private static final ImageShape PIXELS = new ImageShape(3, 2, 2);

  @TempDir private Path recorded;

  @BeforeEach
  void record() {
    EmulatedCuda.fresh();
    EmulatedCuda.set("RECORD", recorded);
  }

  @AfterEach
  void reset() {
    EmulatedCuda.reset();
  }

  @Test
  void everyKernelIsFreeOfRacesAndStaysWithinItsMemory() throws Exception {
    train(dense(), shard(7, 1));
    train(CudaEngineFixture.residual(), shard(7, 1));
    train(CudaEngineFixture.muon(), shard(7, 1));
    for (NetworkKind kind : NetworkKind.SMALL) {
      train(blueprint(kind), shard(7, 1));
    }
    twoOfMany(wide());
    // The reference networks' own shapes have faster kernels.
    EmulatedCuda.set("RECORD_ONCE", 1);
    for (NetworkKind kind : NetworkKind.SMALL) {
      train(
          NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 0.001))),
          ShardFixture.random(3, 1));
    }
    train(CudaEngineFixture.tensors(), shard(7, 1), Precision.TF32);
    assertThat(recordedKernels())
        .as("a kernel that none of these networks uses is not checked: add one that does")
        .containsAll(kernels());
    for (String kind : List.of("thread", "address")) {
      assertThat(replay(kind)).contains("all as recorded");
    }
  }

  /** A network whose products have many rows. */
  private static NetworkBlueprint wide() {
    ConvolutionBlock.Builder many = new ConvolutionBlock.Builder().nOut(130).kernelSize(1);
    ComputationGraphConfiguration network =
        CudaEngineFixture.begin(5, PIXELS)
            .addLayer("first", many.build(), "input")
            .addLayer("second", many.bias(false).activation(Activation.IDENTITY).build(), "first")
            .addLayer("pool", new GlobalPool(GlobalPool.Kind.AVERAGE), "second")
            .addLayer("output", new SoftmaxOutput(4), "pool")
            .setOutputs("output")
            .build();
    return NetworkBlueprint.of("wide", network);
  }

  /** A step of two examples where there is room for so many that the largest squares are taken. */
  private static void twoOfMany(NetworkBlueprint network) {
    Shard shard = shard(PIXELS, 2048, 1);
    try (CudaEngine engine = new CudaEngine(network, EmulatedCuda.library(), 0)) {
      LocalSteps steps =
          new LocalSteps(
              shard,
              IntStream.range(0, shard.size()).toArray(),
              new long[0],
              new int[] {0, 2},
              new Assignment(0, new Round(1, 1, 0, 1, 1), 5));
      engine.take(steps, () -> false);
    }
  }

  /** Two steps with minibatches that differ by one, and an evaluation. */
  private static void train(NetworkBlueprint network, Shard shard) {
    train(network, shard, Precision.FLOAT32);
  }

  private static void train(NetworkBlueprint network, Shard shard, Precision precision) {
    try (CudaEngine engine =
        new CudaEngine(new CudaNetwork(network), EmulatedCuda.library(), 0, precision)) {
      steps(engine, engine.capture(), shard, 0, 2, 2);
      engine.evaluate(shard);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "thread, reverse, 1, 0, data race",
    "thread, writeTogether, 2, -1, data race",
    "address, writeBeyond, 1, 300, heap-buffer-overflow",
    "address, readBeyondRow, 1, 9, out of bounds"
  })
  void findsWhatIsWrong(String kind, String kernel, int blocks, int argument, String fault)
      throws Exception {
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0)) {
      DeviceMemory memory = device.allocate(4L * 64);
      device.write(memory.address(), new float[64]);
      Object[] arguments =
          argument < 0
              ? new Object[] {memory.address()}
              : new Object[] {memory.address(), argument};
      EmulatedCuda.set("INSTANT", 1);
      device.launch(device.kernel("emulation", kernel), new Grid(blocks, 1, 1, 64), arguments);
      device.synchronize();
    }
    assertThat(replay(kind)).contains(fault).doesNotContain("all as recorded");
  }

  private List<String> recordedKernels() throws IOException {
    try (Stream<Path> files = Files.list(recorded)) {
      return files.map(file -> file.getFileName().toString().replaceAll("-\\d+$", "")).toList();
    }
  }

  private static List<String> kernels() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/cuda"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".cu")).toList()) {
        KERNEL
            .matcher(Files.readString(file))
            .results()
            .forEach(found -> names.add(found.group(1)));
      }
    }
    assertThat(names).isNotEmpty();
    return names;
  }

  private String replay(String kind) throws Exception {
    Process process =
        new ProcessBuilder(EmulatedCuda.build(kind).toString(), recorded.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? said : said.replace("all as recorded", "failed");
  }
}
