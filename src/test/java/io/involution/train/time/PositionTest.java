package io.involution.train.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Checkpoints hold it as JSON. */
class PositionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aPlaceBetweenRoundsIsWrittenAsItAlwaysWas() throws IOException {
    String text = JSON.writeValueAsString(new Position(3, 2));

    assertThat(text).isEqualTo("{\"epochs\":3,\"rounds\":2}");
    assertThat(JSON.readValue(text, Position.class)).isEqualTo(new Position(3, 2));
  }

  @Test
  void aPlaceWithinARoundIsReadAgain() throws IOException {
    Position position = new Position(3, 2, 7);

    assertThat(JSON.readValue(JSON.writeValueAsString(position), Position.class))
        .isEqualTo(position);
    assertThatThrownBy(() -> new Position(3, 0, 7)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Position(3, 1, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
