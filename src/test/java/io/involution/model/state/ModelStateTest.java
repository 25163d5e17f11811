package io.involution.model.state;

import static io.involution.model.FloatBits.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelStateTest {
  private static final ModelState STATE =
      ModelState.of(3, new float[] {1, -2, 0.5f}, new float[] {4});

  @Test
  void sectionsAreThereByName() {
    ModelState state = STATE.with("momentum", new float[] {7, 8});

    assertThat(state.names()).containsExactly("parameters", "updater", "momentum");
    assertThat(state.parameters()).containsExactly(1, -2, 0.5f);
    assertThat(state.updater()).containsExactly(4);
    assertThat(state.section("momentum")).containsExactly(7, 8);
    assertThat(state.steps()).isEqualTo(3);
    assertThat(state.bytes()).isEqualTo(4 * (3 + 1 + 2));
    assertThat(STATE.names()).hasSize(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> STATE.section("momentum"))
        .withMessageContaining("momentum");
  }

  @Test
  void exchangingASectionKeepsTheOthers() {
    ModelState state = STATE.with(ModelState.PARAMETERS, new float[] {9});

    assertThat(state.parameters()).containsExactly(9);
    assertThat(state.updater()).isSameAs(STATE.updater());
    assertThat(state.names()).containsExactly("parameters", "updater");
    assertThat(STATE.parameters()).hasSize(3);
  }

  @Test
  void stateWithoutItsTwoSectionsIsRefused() {
    Map<String, float[]> parameters = Map.of(ModelState.PARAMETERS, new float[0]);
    Map<String, float[]> updater = Map.of(ModelState.UPDATER, new float[0]);

    assertThatIllegalArgumentException().isThrownBy(() -> new ModelState(0, parameters));
    assertThatIllegalArgumentException().isThrownBy(() -> new ModelState(0, updater));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelState.of(-1, new float[0], new float[0]));
  }

  @Test
  void everySectionCountsForBeingFinite() {
    assertThat(STATE.isFinite()).isTrue();
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThat(STATE.with(ModelState.PARAMETERS, new float[] {0, value}).isFinite()).isFalse();
      assertThat(STATE.with(ModelState.UPDATER, new float[] {value}).isFinite()).isFalse();
      assertThat(STATE.with("momentum", new float[] {value}).isFinite()).isFalse();
    }
    assertThat(STATE.with("momentum", new float[] {Float.MAX_VALUE, -0f}).isFinite()).isTrue();
  }

  /** The digest is taken with sha256sum over the bytes 0000803f 000000c0 0000003f. */
  @Test
  void digestIsOverTheLittleEndianParameters() {
    assertThat(STATE.parametersSha256())
        .isEqualTo("2ce4bdb6b34a50ac7092eb9fee94337a27498e9eb9bae44192f15b88831b2422");
    assertThat(STATE.with(ModelState.UPDATER, new float[] {5}).parametersSha256())
        .isEqualTo(STATE.parametersSha256());
    assertThat(STATE.with(ModelState.PARAMETERS, new float[] {1, -2}).parametersSha256())
        .isNotEqualTo(STATE.parametersSha256());
  }

  @Test
  void everyBitTravels() throws Exception {
    Random random = new Random(5);
    for (int length : new int[] {0, 1, 16_383, 16_384, 16_385, 40_000}) {
      float[] parameters = new float[length];
      for (int i = 0; i < length; i++) {
        parameters[i] = Float.intBitsToFloat(random.nextInt());
      }
      ModelState state =
          ModelState.of(7, parameters, new float[] {-0f, Float.NaN}).with("outer", new float[] {3});

      ModelState arrived = travelled(state);

      assertThat(arrived.steps()).isEqualTo(7);
      assertThat(arrived.names()).containsExactly("parameters", "updater", "outer");
      for (String name : state.names()) {
        assertThat(bits(arrived.section(name))).isEqualTo(bits(state.section(name)));
      }
    }
  }

  private static ModelState travelled(ModelState state) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(state);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (ModelState) in.readObject();
    }
  }
}
