package io.involution.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.InvolutionOptions;
import io.involution.data.ShardFixture;
import io.involution.failure.InputException;
import io.involution.model.network.ConvolutionNetwork;
import io.involution.model.network.InvolutionNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ModelStateFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;

class ModelFileTest {
  private static final NetworkBlueprint BLUEPRINT =
      NetworkBlueprint.of(
          "convolution", ConvolutionNetwork.configuration(new NetworkOptions(1, 0.001)));

  private static ComputationGraph graph;
  private static byte[] file;

  @BeforeAll
  static void build() {
    graph = BLUEPRINT.build();
    Random random = new Random(3);
    float[] updater = new float[2 * 319_178];
    for (int i = 0; i < updater.length; i++) {
      updater[i] = random.nextFloat();
    }
    GraphState.restore(graph, ModelState.of(5, GraphState.capture(graph).parameters(), updater));
    file = SavedNetwork.file(BLUEPRINT, graph);
  }

  @AfterAll
  static void close() {
    GraphState.close(graph);
  }

  private static void assertRefused(byte[] bytes, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                ModelFile.read(bytes, "m.zip")
                    .parameters(BLUEPRINT.layers(), BLUEPRINT.parameters()))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .startsWith("m.zip ")
                    .contains(parts)
                    .doesNotContain("\n"));
  }

  @Test
  void parametersThatAreNotFiniteAreRefused() {
    ModelState sound = GraphState.capture(graph);
    float[] diverged = sound.parameters().clone();
    diverged[diverged.length - 1] = Float.NaN;
    GraphState.restore(graph, sound.with(ModelState.PARAMETERS, diverged));
    byte[] bytes = SavedNetwork.file(BLUEPRINT, graph);
    GraphState.restore(graph, sound);

    assertRefused(bytes, "NaN or infinite");
  }

  private static Map<String, byte[]> entries(byte[] zip) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), in.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] changed(String name, byte[] content) throws IOException {
    Map<String, byte[]> entries = entries(file);
    if (content == null) {
      entries.remove(name);
    } else {
      entries.put(name, content);
    }
    return zip(entries);
  }

  @Test
  void parametersComeBackToTheBit() {
    float[] read =
        ModelFile.read(file, "m.zip").parameters(BLUEPRINT.layers(), BLUEPRINT.parameters());

    assertThat(Arrays.equals(read, graph.params().toFloatVector())).isTrue();
  }

  @Test
  void fileHoldsNothingButItsEntries() throws IOException {
    assertThat(entries(file).keySet())
        .containsExactlyInAnyOrder(
            "configuration.json", "coefficients.bin", "updaterState.bin", "involution.json");
  }

  @Test
  void aModelIsTheSameFileWheneverItIsWritten() {
    assertThat(SavedNetwork.file(BLUEPRINT, graph)).isEqualTo(file);
  }

  @Test
  void plainDl4jLoadsItAndComputesTheSameBits(@TempDir Path folder) throws IOException {
    Path path = Files.write(folder.resolve("model.zip"), file);

    ComputationGraph loaded = ModelSerializer.restoreComputationGraph(path.toFile(), true);

    int[] order = {0, 1, 2, 3, 4};
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(ShardFixture.random(5, 4), order, 0, 5);
      assertThat(loaded.outputSingle(false, minibatch.images()).toFloatMatrix())
          .isDeepEqualTo(graph.outputSingle(false, minibatch.images()).toFloatMatrix());
    }
    ModelState state = GraphState.capture(loaded);
    assertThat(state.steps()).isEqualTo(5);
    assertThat(ModelStateFormat.write(state))
        .isEqualTo(ModelStateFormat.write(GraphState.capture(graph)));
    loaded.close();
  }

  @Test
  void itSaysWhichInvolutionsItHas() {
    InvolutionOptions shape = new InvolutionOptions(5, 3, 1, 2);
    byte[] bytes =
        SavedNetwork.file(
            NetworkBlueprint.of(
                "involution",
                InvolutionNetwork.configuration(new NetworkOptions(1, 0.001, shape))));

    assertThat(ModelFile.read(bytes, "m.zip").involution()).isEqualTo(shape);
    assertThat(ModelFile.read(file, "m.zip").involution()).isEqualTo(InvolutionOptions.REFERENCE);
  }

  @Test
  void involutionsThatOursCannotBeAreRefused() throws IOException {
    String layers =
        "{\"vertices\":{\"a\":{\"layerConf\":{\"layer\":{\"reductionRatio\":0,\"groups\":7}}}}}";
    byte[] changed = changed("configuration.json", layers.getBytes(StandardCharsets.UTF_8));

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ModelFile.read(changed, "m.zip").involution())
        .withMessage(
            "m.zip has involutions that train does not make: use a model.zip that it wrote");
  }

  @Test
  void foreignEntryIsRefusedBeforeAnythingIsRead() throws IOException {
    assertRefused(
        changed("preprocessor.bin", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5}),
        "preprocessor.bin",
        "use a model.zip");
    assertRefused(changed("../evil\nname", new byte[1]), "..?evil?name");
    assertRefused(changed("configuration.json/", new byte[0]), "configuration.json");
  }

  @Test
  void modelOfAnotherNetworkIsRefused() {
    NetworkBlueprint blueprint = SmallNetwork.convolution(new Adam(0.001));
    byte[] bytes = SavedNetwork.file(blueprint);

    assertRefused(bytes, "another network", "conv1", "use one of this network");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                ModelFile.read(file, "m.zip")
                    .parameters(blueprint.layers(), blueprint.parameters()))
        .withMessageContaining("another network");
  }

  @Test
  void networkOfTheSameLayersAndOtherSizesIsRefused() throws IOException {
    byte[] other = SavedNetwork.file(SmallNetwork.convolution(new Adam(0.001)));
    byte[] coefficients = entries(other).get("coefficients.bin");

    assertRefused(changed("coefficients.bin", coefficients), "10362", "use one of this network");
    assertRefused(changed("coefficients.bin", Arrays.copyOf(coefficients, 2_000_000)), "10362");
  }

  @Test
  void missingEntriesAreRefused() throws IOException {
    assertRefused(changed("configuration.json", null), "is not a model file");
    assertRefused(changed("coefficients.bin", null), "is not a model file");
    assertRefused(zip(Map.of()), "is not a model file");
  }

  @Test
  void garbageIsRefused() throws IOException {
    byte[] random = new byte[1_500_000];
    new Random(9).nextBytes(random);
    assertRefused(new byte[0], "use");
    assertRefused(random, "use");
    assertRefused("<html>not found</html>".getBytes(StandardCharsets.UTF_8), "use");
    assertRefused(changed("coefficients.bin", random), "damaged");
    assertRefused(changed("coefficients.bin", new byte[1_500_000]), "use");
    assertRefused(changed("configuration.json", random), "damaged");
    assertRefused(changed("configuration.json", "{}".getBytes(StandardCharsets.UTF_8)), "network");
    assertRefused(changed("configuration.json", "[1".getBytes(StandardCharsets.UTF_8)), "damaged");
  }

  @Test
  void flippedBytesAndTruncationsNeverGiveOtherParameters() {
    Random random = new Random(5);
    float[] expected = graph.params().toFloatVector();
    for (int i = 0; i < 25; i++) {
      byte[] damaged = file.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      assertRightOrRefused(damaged, expected);
      assertRightOrRefused(Arrays.copyOf(file, random.nextInt(file.length)), expected);
    }
  }

  private static void assertRightOrRefused(byte[] bytes, float[] expected) {
    try {
      assertThat(
              Arrays.equals(
                  ModelFile.read(bytes, "m.zip")
                      .parameters(BLUEPRINT.layers(), BLUEPRINT.parameters()),
                  expected))
          .isTrue();
    } catch (InputException e) {
      assertThat(e.getMessage()).startsWith("m.zip ");
    }
  }
}
