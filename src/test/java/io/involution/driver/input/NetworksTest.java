package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.ModelChoice;
import io.involution.failure.InputException;
import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
