package io.involution.model.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ModelStateFormatTest {
  private static final ModelState STATE =
      ModelState.of(
              1L << 40,
              new float[] {
                1.5f,
                -0f,
                Float.MIN_VALUE,
                Float.NEGATIVE_INFINITY,
                Float.intBitsToFloat(0x7fc00001)
              },
              new float[0])
          .with("outer-momentum", new float[] {7});

  @Test
  void roundTripKeepsEveryBit() {
    ModelState read = ModelStateFormat.read(ModelStateFormat.write(STATE), "state.bin");

    assertThat(read.steps()).isEqualTo(1L << 40);
    assertThat(read.names()).containsExactly("parameters", "updater", "outer-momentum");
    for (String name : STATE.names()) {
      float[] expected = STATE.section(name);
      float[] found = read.section(name);
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(Float.floatToRawIntBits(found[i]))
            .isEqualTo(Float.floatToRawIntBits(expected[i]));
      }
    }
  }

  @Test
  void sameStateGivesTheSameBytes() {
    assertThat(ModelStateFormat.write(STATE)).isEqualTo(ModelStateFormat.write(STATE));
  }

  /** Bytes by hand: other versions of the job have to read what this one writes. */
  @Test
  void layoutIsTheDocumentedOne() throws Exception {
    ByteBuffer expected = ByteBuffer.allocate(4 + 4 + 8 + 4 + (2 + 10 + 4 + 4) + (2 + 7 + 4));
    expected.put("IMS1".getBytes(StandardCharsets.US_ASCII)).putInt(1).putLong(6).putInt(2);
    expected.putShort((short) 10).put("parameters".getBytes(StandardCharsets.US_ASCII)).putInt(1);
    expected.put(new byte[] {0, 0, (byte) 0x80, 0x3f});
    expected.putShort((short) 7).put("updater".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    assertThat(expected.remaining()).isZero();

    byte[] bytes = ModelStateFormat.write(ModelState.of(6, new float[] {1}, new float[0]));

    assertThat(bytes).isEqualTo(sealed(expected.array()));
  }

  private static byte[] sealed(byte[] content) throws Exception {
    byte[] sealed = Arrays.copyOf(content, content.length + 32);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
    System.arraycopy(digest, 0, sealed, content.length, 32);
    return sealed;
  }

  private static void assertRefused(byte[] bytes) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ModelStateFormat.read(bytes, "state.bin"))
        .satisfies(e -> assertThat(e.getMessage()).startsWith("state.bin ").doesNotContain("\n"));
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] bytes = ModelStateFormat.write(STATE);
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = bytes.clone();
        damaged[i] ^= (byte) (1 << bit);
        assertRefused(damaged);
      }
    }
  }

  @Test
  void everyTruncationAndAnyExtraByteIsNoticed() {
    byte[] bytes = ModelStateFormat.write(STATE);
    for (int length = 0; length < bytes.length; length++) {
      assertRefused(Arrays.copyOf(bytes, length));
    }
    assertRefused(Arrays.copyOf(bytes, bytes.length + 1));
  }

  @Test
  void otherVersionIsNamed() throws Exception {
    byte[] bytes = ModelStateFormat.write(STATE);
    byte[] content = Arrays.copyOf(bytes, bytes.length - 32);
    content[7] = 2;
    byte[] newer = sealed(content);

    assertThatThrownBy(() -> ModelStateFormat.read(newer, "state.bin"))
        .isInstanceOf(InputException.class)
        .hasMessage("state.bin has format version 2, this job reads 1: use the job that wrote it");
  }

  /** Checksums are no secret: a wrong file may carry a right one. */
  @Test
  void contentThatMakesNoSenseIsRefusedUnderARightChecksum() throws Exception {
    byte[] bytes = ModelStateFormat.write(STATE);
    byte[] content = Arrays.copyOf(bytes, bytes.length - 32);
    for (int i = 0; i < content.length; i++) {
      byte[] changed = content.clone();
      changed[i] = (byte) 0xff;
      byte[] file = sealed(changed);
      try {
        ModelState read = ModelStateFormat.read(file, "state.bin");
        assertThat(read.steps()).isNotNegative();
      } catch (InputException e) {
        assertThat(e.getMessage()).startsWith("state.bin ");
      }
    }
    for (int length = 0; length < content.length; length++) {
      assertRefused(sealed(Arrays.copyOf(content, length)));
    }
    assertRefused(sealed(new byte[100]));
    assertRefused(sealed(Arrays.copyOf(content, content.length + 4)));
  }
}
