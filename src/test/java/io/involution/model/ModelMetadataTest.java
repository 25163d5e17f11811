package io.involution.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelMetadataTest {
  private static final ModelMetadata BIRDS =
      new ModelMetadata(
          "my-net",
          new DataSchema(new ImageShape(1, 28, 20), List.of("wren", "Zaunkönig", "a<b")),
          new Normalization(List.of(0.13), List.of(0.31)),
          "2.0.0");

  private static ModelMetadata read(String json) {
    return ModelMetadata.read(json.getBytes(StandardCharsets.UTF_8), "m.zip");
  }

  private static String written() {
    return new String(BIRDS.write(), StandardCharsets.UTF_8);
  }

  @Test
  void everythingComesBack() {
    assertThat(read(written())).isEqualTo(BIRDS);
  }

  /** The first text is replaced by the second, where they stand in a sound entry. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"format\" : 1 | \"format\" : 2",
        "\"format\" : 1 | \"format\" : 1, \"extra\" : 1",
        "\"format\" : 1 | \"format\" : 1, \"format\" : 1",
        "\"format\" : 1, | ''",
        "\"my-net\" | \"../my-net\"",
        "\"my-net\" | 7",
        "\"channels\" : 1 | \"channels\" : 0",
        "\"channels\" : 1 | \"channels\" : 1.0",
        "\"channels\" : 1 | \"channels\" : 3000000000",
        "\"height\" : 28 | \"height\" : 100000",
        "\"width\" : 20 | \"wide\" : 20",
        "\"wren\" | \"\"",
        "\"wren\" | null",
        "\"wren\" | \"a\\u001b[2J\"",
        "\"wren\" | \"a\\nb\"",
        "0.13 | 1e400",
        "0.13 | \"NaN\"",
        "0.13 | 0.1, 0.2",
        "0.31 | 0",
        "0.31 | -1",
        "\"2.0.0\" | {}",
        "{ | [",
      })
  void anythingElseIsRefusedInOneLine(String before, String after) {
    String text = written();
    assertThat(text).contains(before);

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(text.replace(before, after)))
        .satisfies(e -> assertThat(e.getMessage()).matches("m\\.zip [ -~]{1,300}: use .*"));
  }

  @Test
  void tooManyClassesOrBracketsAreRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(written().replace("\"wren\"", "\"a\",".repeat(10_001) + "\"b\"")))
        .withMessageContaining("classes");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read("[".repeat(100_000)))
        .withMessageContaining("larger");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(written().replace("wren", "a".repeat(300))));
  }
}
