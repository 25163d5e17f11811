package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.ModelChoice;
import io.involution.failure.InputException;
import io.involution.model.network.NetworkKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
