package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.ModelChoice;
import io.involution.config.TrainConfig;
import io.involution.data.DataSchema;
import io.involution.failure.InputException;
import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.optimizer.Muon;
import io.involution.train.time.EpochPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.IUpdater;

/** The words of --model. */
class NetworksTest {
  @Test
  void everyNetworkOfThisJobHasItsWord() {
    assertThat(Arrays.stream(NetworkKind.values()).map(NetworkKind::label))
        .containsExactlyElementsOf(ModelChoice.OURS);
    for (String word : ModelChoice.OURS) {
      assertThat(Networks.of(ModelChoice.parse(word)))
          .singleElement()
          .extracting(NetworkKind::label)
          .isEqualTo(word);
    }
    assertThat(Networks.of(ModelChoice.BOTH))
        .containsExactly(NetworkKind.CONVOLUTION, NetworkKind.INVOLUTION);
  }

  @Test
  void severalNetworksKeepTheirOrder() {
    ModelChoice choice = ModelChoice.parse("hdfs://a/b/My Net.json,both,class:com.acme.Deep$Net");

    assertThat(choice.labels()).containsExactly("my-net", "convolution", "involution", "net");
    assertThat(choice.others())
        .containsExactly("hdfs://a/b/My Net.json", "class:com.acme.Deep$Net");
    assertThat(ModelChoice.parse(choice.word())).isEqualTo(choice);
  }

  /** What options by hand change in one cell of an experiment is not there in the next. */
  @Test
  void aFilesNetworkSharesNothingWithAnEarlierOne(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("net.json"), UserNetworks.leNet().toJson());
    UserNetwork network = UserNetwork.of(file.toString(), new Configuration());
    NetworkOptions options = new NetworkOptions(1, 0.001);
    ComputationGraphConfiguration first = network.configuration(options);
    String before = first.toJson();
    updaters(first).forEach(updater -> updater.setLrAndSchedule(7, null));

    assertThat(first.toJson()).isNotEqualTo(before);
    assertThat(network.configuration(options).toJson()).isEqualTo(before);
  }

  /** The description in a trained model's file counts the steps that led to its parameters. */
  @Test
  void aNetworkThatHasBeenTrainedBeginsAtItsFirstStep(@TempDir Path folder) throws IOException {
    ComputationGraphConfiguration trained = UserNetworks.leNet();
    trained.setIterationCount(5000);
    trained.setEpochCount(7);
    Path file = Files.writeString(folder.resolve("trained.json"), trained.toJson());
    Path fresh = Files.writeString(folder.resolve("fresh.json"), UserNetworks.leNet().toJson());

    ModelState state = initial(file);

    assertThat(trained.toJson()).contains("\"iterationCount\" : 5000");
    assertThat(state.steps()).isZero();
    assertThat(state.parametersSha256()).isEqualTo(initial(fresh).parametersSha256());
  }

  private static ModelState initial(Path file) {
    UserNetwork network = UserNetwork.of(file.toString(), new Configuration());
    NetworkOptions options = new NetworkOptions(1, 0.001);
    return GraphState.initial(NetworkBlueprint.of("net", network.configuration(options)));
  }

  /** DL4J's own workers would find out in their first step. */
  @Test
  void aFilesMuonIsRefusedWhereDl4jsTrainerIsChosen(@TempDir Path folder) throws IOException {
    String json = UserNetworks.mixed(new Muon(0.02, null, 0.95), 1).toJson();
    Path file = Files.writeString(folder.resolve("net.json"), json);
    UserNetwork network = UserNetwork.of(file.toString(), new Configuration());

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> blueprint(network, Map.of("trainer", "dl4j-spark")))
        .withMessageStartingWith("the updater Muon of --model ")
        .withMessageEndingWith(
            "net.json cannot be used with --trainer dl4j-spark, whose updater does not know the"
                + " matrices' shapes: use --optimizer adam or nesterovs");
    assertThat(blueprint(network, Map.of("trainer", "dl4j-spark", "optimizer", "adam")).json())
        .contains("learning.config.Adam");
  }

  private static NetworkBlueprint blueprint(UserNetwork network, Map<String, Object> given) {
    return Networks.blueprint(
        network,
        TrainConfig.load(given, Optional.empty()),
        new EpochPlan(64, 2, 8, 2),
        DataSchema.CIFAR10);
  }

  private static Stream<IUpdater> updaters(ComputationGraphConfiguration network) {
    return network.getVertices().values().stream()
        .filter(LayerVertex.class::isInstance)
        .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
        .filter(BaseLayer.class::isInstance)
        .map(layer -> ((BaseLayer) layer).getIUpdater());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "BOTH", "both ", "all", "a.jsonx", "class:", "class:a-b", "both,", ".json"})
  void otherWordsAreRefused(String word) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ModelChoice.parse(word))
        .withMessageStartingWith("--model is '" + word + "': use one of convolution, involution,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "both,involution | involution twice",
        "a/net.json,b/net.yaml | net twice",
        "a/convolution.json | would be called convolution",
        "report.json | would be called report",
        "run.json.json | would be called run.json",
      })
  void namesThatAreTakenAreRefused(String word, String why) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ModelChoice.parse(word))
        .withMessageContaining(why);
  }
}
