package io.involution.model.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.data.DataSchema;
import io.involution.failure.InputException;
import io.involution.layers.WhiteningStart;
import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What a network's layers may be together. */
class NetworkRulesTest {
  private static final ConfigurationReader READER =
      new ConfigurationReader("--model n.json", "correct the file");

  private static ComputationGraphConfiguration checked(String json) {
    ComputationGraphConfiguration read =
        READER.network(json.getBytes(StandardCharsets.UTF_8), false);
    return new NetworkRules(READER, DataSchema.CIFAR10).trainable(read);
  }

  /** On the CPU DL4J would find nothing to go on with; a GPU would compute it all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"mix", "involution"})
  void onlyAFirstLayerMayLeaveOutItsInputsGradient(String name) {
    ObjectNode tree = tree(UserNetworks.normed());
    ObjectNode layer = layer(tree, name);
    assertThat(layer.get("inputGradient").asBoolean()).isTrue();
    assertThat(checked(tree.toString()).getVertices()).containsKey(name);

    layer.put("inputGradient", false);
    assertRefused(
        tree, "describes a network that ", "computes no input gradient in layer " + name + ", ");
  }

  /** The layers would compute as if it were not there. */
  @ParameterizedTest
  @CsvSource({
    "mix, TanH, RELU or IDENTITY",
    "mix, Sigmoid, RELU or IDENTITY",
    "before, Sigmoid, 'IDENTITY, RELU or GELU'",
    "before, ReLU, 'IDENTITY, RELU or GELU, not a RELU with a maximum'",
    "mix, ReLU, 'RELU or IDENTITY, not a RELU with a maximum'"
  })
  void anActivationThatALayerDoesNotComputeIsRefused(String name, String function, String said) {
    ObjectNode tree = tree(UserNetworks.normed());
    ObjectNode layer = layer(tree, name);
    assertThat(layer.has("activationFn")).isTrue();
    setActivation(layer, function);

    assertRefused(tree, "layer " + name + " ", "activation must be " + said);
  }

  private static void setActivation(ObjectNode layer, String function) {
    ObjectNode activation = layer.putObject("activationFn");
    activation.put("@class", "org.nd4j.linalg.activations.impl.Activation" + function);
    if (function.equals("ReLU")) {
      activation.put("max", 6.0).put("threshold", 0.0).put("negativeSlope", 0.1);
    }
  }

  @Test
  void aDenseLayersReluHasNoSettings() {
    ObjectNode tree = tree(NetworkKind.CONVOLUTION.configuration(new NetworkOptions(7, 0.01)));
    setActivation(layer(tree, "dense"), "ReLU");

    assertRefused(tree, "layer dense takes no activation but RELU");
  }

  @Test
  void onlyABlockThatTakesTheImagesWhitensThem() {
    assertThat(checked(whitened("conv", 3).toString()).getVertices()).containsKey("conv");
    assertThat(checked(whitened("conv", 32).toString()).getVertices()).containsKey("conv");

    assertRefused(whitened("conv", 33), "whitens patches of 33 rows in layer conv");
    assertRefused(whitened("mix", 3), "WhiteningStart in layer mix, which does not take");
    ObjectNode stock = tree(UserNetworks.leNet());
    setWhitening(layer(stock, "conv1"));
    assertRefused(stock, "WhiteningStart in layer conv1, a ConvolutionLayer");
  }

  /** A network with a whitening start in one of its blocks. */
  private static ObjectNode whitened(String name, int size) {
    ObjectNode tree = tree(UserNetworks.normed());
    setWhitening(layer(tree, name).put("kernelSize", size));
    return tree;
  }

  private static void setWhitening(ObjectNode layer) {
    assertThat(layer.has("weightInitFn")).isTrue();
    ObjectNode start = layer.putObject("weightInitFn");
    start.put("@class", WhiteningStart.class.getName()).put("epsilon", 5e-4);
  }

  /** Small ones may be larger than the images: the last layers of a network have few pixels. */
  @Test
  void aKernelIsNoLargerThanItsTapsReach() {
    // The images of the involution have 11 x 11 pixels.
    ObjectNode tree = tree(UserNetworks.normed());
    layer(tree, "involution").put("kernelSize", 31);
    assertThat(checked(tree.toString()).getVertices()).containsKey("involution");
    layer(tree, "involution").put("kernelSize", 32);
    assertRefused(tree, "a kernel of 32 rows in layer involution, whose images have 11 x 11");

    ObjectNode first = tree(UserNetworks.normed());
    layer(first, "conv").put("kernelSize", 64);
    assertThat(checked(first.toString()).getVertices()).containsKey("conv");
    layer(first, "conv").put("kernelSize", 65);
    assertRefused(first, "a kernel of 65 rows in layer conv, whose images have 32 x 32");
  }

  private static ObjectNode tree(ComputationGraphConfiguration network) {
    return (ObjectNode) READER.json(network.toJson().getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode layer(ObjectNode tree, String name) {
    return (ObjectNode) tree.at("/vertices/" + name + "/layerConf/layer");
  }

  private static void assertRefused(ObjectNode tree, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> checked(tree.toString()))
        .withMessageStartingWith("--model n.json describes ")
        .withMessageContainingAll(parts);
  }

  /** Whose first layers leave it out. */
  @ParameterizedTest
  @EnumSource
  void ourOwnNetworksAreSound(NetworkKind kind) {
    String json = kind.configuration(new NetworkOptions(7, 0.01)).toJson();
    assertThat(checked(json).toJson()).contains("\"inputGradient\" : false");
  }
}
