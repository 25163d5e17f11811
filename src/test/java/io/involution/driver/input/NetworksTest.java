package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.ModelChoice;
import io.involution.model.network.NetworkKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The words of --model and the networks are the same. */
class NetworksTest {
  @Test
  void everyChoiceNamesItsNetworks() {
    for (ModelChoice choice : ModelChoice.values()) {
      if (choice == ModelChoice.BOTH) {
        assertThat(Networks.of(choice))
            .containsExactly(NetworkKind.CONVOLUTION, NetworkKind.INVOLUTION);
      } else {
        assertThat(Networks.of(choice))
            .singleElement()
            .extracting(NetworkKind::label)
            .isEqualTo(choice.word());
      }
    }
    assertThat(ModelChoice.values()).hasSize(NetworkKind.values().length + 1);
    assertThat(Arrays.stream(NetworkKind.values()).map(NetworkKind::label)).doesNotHaveDuplicates();
  }
}
