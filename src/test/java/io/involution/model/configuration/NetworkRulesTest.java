package io.involution.model.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.data.DataSchema;
import io.involution.failure.InputException;
import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Which layers may leave out the gradient of what they take. */
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
    String json = UserNetworks.normed().toJson();
    ObjectNode tree = (ObjectNode) READER.json(json.getBytes(StandardCharsets.UTF_8));
    ObjectNode layer = (ObjectNode) tree.at("/vertices/" + name + "/layerConf/layer");
    assertThat(layer.get("inputGradient").asBoolean()).isTrue();
    assertThat(checked(tree.toString()).getVertices()).containsKey(name);

    layer.put("inputGradient", false);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> checked(tree.toString()))
        .withMessageStartingWith("--model n.json describes a network that ")
        .withMessageContaining("computes no input gradient in layer " + name + ", ");
  }

  /** Whose first layers leave it out. */
  @ParameterizedTest
  @EnumSource
  void ourOwnNetworksAreSound(NetworkKind kind) {
    String json = kind.configuration(new NetworkOptions(7, 0.01)).toJson();
    assertThat(checked(json).toJson()).contains("\"inputGradient\" : false");
  }
}
