package io.involution.model.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.data.DataSchema;
import io.involution.failure.InputException;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.GlobalPool;
import io.involution.layers.Involution;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkBlueprint;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

class ConfigurationReaderTest {
  private static final ConfigurationReader READER =
      new ConfigurationReader("--model n.json", "correct the file");

  /** Set by a class that must not be loaded. */
  private static boolean loaded;

  /** What a hostile file names: its initializer would run as soon as it is loaded. */
  public static final class Gadget extends DenseLayer {
    private static final long serialVersionUID = 1L;

    static {
      loaded = true;
    }
  }

  private static ComputationGraphConfiguration network() {
    return UserNetworks.mixed(
        new Nesterovs(new StepSchedule(ScheduleType.EPOCH, 0.1, 0.5, 2), 0.9), 0.5);
  }

  /** YAML names classes by tags; a tag is asked for like a name in JSON. */
  @Test
  void noClassIsLoadedBecauseATagNamesIt() {
    String gadget = ConfigurationReaderTest.class.getName() + "$Gadget";
    String yaml = network().toYaml();
    String changed = yaml.replace("org.deeplearning4j.nn.conf.layers.DenseLayer", gadget);
    assertThat(changed).isNotEqualTo(yaml);

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> READER.network(changed.getBytes(StandardCharsets.UTF_8), true))
        .withMessageContaining("Gadget");
    assertThat(loaded).isFalse();
  }

  private static ComputationGraphConfiguration checked(String json) {
    ComputationGraphConfiguration read =
        READER.network(json.getBytes(StandardCharsets.UTF_8), false);
    return new NetworkRules(READER, DataSchema.CIFAR10).checked(read);
  }

  @Test
  void aShortcutHasTheShapeOfTheOtherInput() {
    ComputationGraphConfiguration network = UserNetworks.normed();
    assertThat(checked(network.toJson()).toJson()).isEqualTo(network.toJson());
    network.getVertexInputs().put("before", List.of("mix", "input"));
    assertRefused(network.toJson(), "adds a shortcut of another shape in layer before");
    network.getVertexInputs().put("before", List.of("mix"));
    assertRefused(network.toJson(), "before");
  }

  private static void assertRefused(String json, String part) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> checked(json))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .startsWith("--model n.json ")
                    .contains(part)
                    .matches("[ -~]{1,700}"));
  }

  @Test
  void aNetworkComesBackAsDl4jReadsItItself() {
    assertThat(checked(network().toJson()).toJson()).isEqualTo(network().toJson());
    ComputationGraphConfiguration yaml =
        READER.network(network().toYaml().getBytes(StandardCharsets.UTF_8), true);
    assertThat(yaml.toJson()).isEqualTo(network().toJson());
  }

  @Test
  void aStackOfLayersIsReadLikeAGraph() {
    String json = UserNetworks.stack().toJson();
    assertThat(checked(json).getVertices()).containsOnlyKeys("0", "1", "2", "3", "4");
    assertRefused(json.replace("layers.DenseLayer", "layers.LSTM"), "keeps state");
    assertRefused(
        json.replace("\"nout\" : 10,", "\"nout\" : 11,"), "11 outputs for the 10 classes");
    assertRefused("{\"confs\":[]}", "it has no layers");
  }

  @Test
  void everyAllowedClassExists() throws ClassNotFoundException {
    for (String name : AllowedClasses.layers()) {
      assertThat(Layer.class).isAssignableFrom(Class.forName(name));
    }
  }

  /** Arrays in a configuration would be read by ND4J, which believes what they say. */
  @Test
  void noAllowedClassHoldsAnArray() throws ClassNotFoundException {
    for (String name : AllowedClasses.names()) {
      for (Field field : Class.forName(name).getDeclaredFields()) {
        if (!Modifier.isTransient(field.getModifiers())
            && INDArray.class.isAssignableFrom(field.getType())) {
          assertThat(name + "." + field.getName()).endsWith("LossMCXENT.weights");
        }
      }
    }
    ObjectNode tree = (ObjectNode) READER.json(network().toJson().getBytes(StandardCharsets.UTF_8));
    ((ObjectNode) tree.at("/vertices/output/layerConf/layer/lossFn")).putArray("weights").add(1);
    assertRefused(tree.toString(), "leave the weights out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"nout\" : 16 | \"nout\" : 10000000000 | nout",
        "\"nout\" : 16 | \"nout\" : \"10000000000\" | nout",
        "\"nout\" : 16 | \"nout\" : 1048576 | has a layer for 16 inputs",
        "\"nout\" : 16 | \"nout\" : -1 | network",
        "\"nout\" : 10, | \"nout\" : 11, | has 11 outputs for the 10 classes",
        "[ 5, 5 ] | [ 5000, 5 ] | one of a list",
        "[ 5, 5 ] | [ 50, 50 ] | DL4J",
        "\"kernelSize\" : 3 | \"kernelSize\" : 1000 | a kernel of 1000 rows in layer involution",
        "\"nin\" : 3, | \"nin\" : 4, | images of 3 x 32 x 32",
        "'\"inputWidth\" : ' | '\"inputWidth\" : 1' | reshapes",
        "\"epochCount\" : 0 | \"epochCount\" : -1 | steps",
        "\"iterationCount\" : 0 | \"iterationCount\" : -7 | steps",
        "\"dataType\" : \"FLOAT\" | \"dataType\" : \"DOUBLE\" | FLOAT",
        "LossMCXENT | LossMSE | loss must be multi-class",
        "ActivationSoftmax | ActivationSigmoid | OutputLayer with a softmax",
        "layers.DenseLayer | layers.LSTM | keeps state",
        "layers.OutputLayer | layers.LossLayer | has no weights of its own",
        "layers.DenseLayer | layers.CenterLossOutputLayer | centers",
        "learning.config.Nesterovs | learning.config.AdaBelief | cannot set up",
        "learning.config.Nesterovs | learning.config.Own | updater",
        "org.deeplearning4j.nn.conf.layers.DenseLayer | java.lang.Runtime | java.lang.Runtime",
        "\"networkOutputs\" : [ \"output\" ] | \"networkOutputs\" : [ ] | output",
        "\"both\" : [ \"pool\", \"involution\" ] | \"both\" : [ \"gone\" ] | DL4J",
        "\"pool\" : [ \"norm\" ] | \"pool\" : [ \"dense\" ] | DL4J",
      })
  void anUnsoundNetworkIsRefusedInOneLine(String before, String after, String why) {
    String changed = network().toJson().replace(before, after);
    assertThat(changed).isNotEqualTo(network().toJson());
    assertRefused(changed, why);
  }

  /** By the field that DL4J writes, as a list, and as what is in brackets after an allowed name. */
  @ParameterizedTest
  @ValueSource(strings = {"field", "list", "brackets"})
  void noClassIsLoadedBecauseAFileNamesIt(String how) {
    String dense = "org.deeplearning4j.nn.conf.layers.DenseLayer";
    String gadget = ConfigurationReaderTest.class.getName() + "$Gadget";
    String json = network().toJson();
    ObjectNode tree = (ObjectNode) READER.json(json.getBytes(StandardCharsets.UTF_8));
    ObjectNode conf = (ObjectNode) tree.at("/vertices/dense/layerConf");
    switch (how) {
      case "field" -> ((ObjectNode) conf.get("layer")).put("@class", gadget);
      case "list" -> conf.putArray("layer").add(gadget).addObject();
      default -> conf.putArray("layer").add(dense + "<" + gadget + ">").addObject();
    }
    String changed = tree.toString();

    assertRefused(changed, "--model n.json");
    assertThat(loaded).isFalse();
  }

  /** Those of --class-weights are our own, and may be large. */
  @Test
  void weightsOfClassesComeBack() {
    NetworkBlueprint weighted =
        NetworkBlueprint.of("n", network())
            .with(new SoftmaxCrossEntropy(new double[] {9_000, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 0));

    assertThat(checked(weighted.json()).toJson()).isEqualTo(weighted.json());
  }

  @Test
  void aNetworkOfTooManyParametersIsRefused() {
    ComputationGraphConfiguration large =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer("dense", new DenseLayer.Builder().nOut(20_000).build(), "input")
            .addLayer(
                "output",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(10)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "dense")
            .setOutputs("output")
            .build();

    assertRefused(large.toJson(), "has more than 18,000,000 parameters");
  }

  /** An involution's 2^32 weights, and some more, that are few as an int. */
  @Test
  void parametersAreCountedBeyondAnInt() {
    ComputationGraphConfiguration large =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer(
                "conv", new ConvolutionBlock.Builder().nOut(1024).kernelSize(1).build(), "input")
            .addLayer(
                "involution", new Involution.Builder().kernelSize(64).groups(1024).build(), "conv")
            .addLayer("pool", new GlobalPool(GlobalPool.Kind.MAX), "involution")
            .addLayer("output", new SoftmaxOutput(10), "pool")
            .setOutputs("output")
            .build();

    assertRefused(large.toJson(), "has more than 18,000,000 parameters");
  }

  @Test
  void whatIsNoNetworkIsRefusedInOneLine() {
    for (String text :
        Arrays.asList(
            "", "{}", "[]", "null", "7", "{\"a\":", "[".repeat(200_000), "{\"vertices\":{}}")) {
      assertRefused(text, ": ");
    }
    assertRefused("{\"a\":1,\"a\":1}", "damaged");
    assertRefused("{\"" + "a".repeat(300) + "\":1}", "larger");
    // References of YAML are not resolved, so that none grows.
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                READER.network(
                    "a: &a [x,x]\nb: &b [*a,*a]\nvertices: *b\n".getBytes(StandardCharsets.UTF_8),
                    true));
  }
}
