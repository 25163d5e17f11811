package io.involution.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[2J",
        "\u0007",
        "\b",
        "\r",
        "\u007f",
        "\u009b31m",
        "\u202e",
        "\u2066",
        "\u061c",
        "\u200e",
        "\u200f",
        "\u2028",
        "\0"
      })
  void whatSteersATerminalIsWrittenAsACode(String control) {
    String code = String.format(java.util.Locale.ROOT, "\\u%04x", (int) control.charAt(0));

    assertThat(PlainText.lines("a" + control + "\nb\t"))
        .isEqualTo("a" + code + control.substring(1) + "\nb\t");
    assertThat(PlainText.line("a\n" + control)).isEqualTo("a\\u000a" + code + control.substring(1));
  }

  @Test
  void otherTextStaysAsItIs() {
    String text = "Größe 3×3 — 画像 \ud83d\ude00 100 %";

    assertThat(PlainText.lines(text)).isEqualTo(text);
    assertThat(PlainText.line(text)).isEqualTo(text);
  }
}
