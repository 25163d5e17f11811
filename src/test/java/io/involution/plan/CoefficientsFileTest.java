package io.involution.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Coefficients written and read. */
class CoefficientsFileTest {
  private static final Coefficients ONE =
      new Coefficients(
          "a \"machine\"\\n",
          Map.of("involution", new NetworkCosts(156_912, new Line(0.00412, 1.23e-4), 1.9, 0)),
          new Line(0.123, 4.56e-10),
          new Line(0, 0),
          new Line(12.3, 0.001),
          new ExchangeCosts(1e-9, 0, 0.25));

  private static String text() {
    return CoefficientsFile.text(ONE, List.of("a comment", ""));
  }

  @Test
  void readsWhatItWrites() {
    assertThat(CoefficientsFile.read("my.conf", text(), false)).isEqualTo(ONE);
    assertThat(text()).startsWith("# a comment\n#\nplan {\n");
  }

  @Test
  void theShippedOnesSayWhereTheyAreFrom() throws IOException {
    Coefficients shipped = CoefficientsFile.shipped(false);

    assertThat(shipped.networks())
        .containsOnlyKeys(
            "convolution", "involution", "deep-convolution", "deep-involution", "resnet", "rednet");
    assertThat(shipped.network("convolution").stateBytes()).isEqualTo(4L * 3 * 319_178);
    assertThat(shipped.network("involution").stateBytes()).isEqualTo(4L * (13_080 + 2 * 13_074));
    assertThat(shipped.measured()).contains("cores", "Spark 4");
    assertThat(CoefficientsFile.shipped(true).measured()).contains("H100");
    assertThat(Files.readString(Path.of("conf", "plan.conf")))
        .startsWith("# ")
        .contains("plan --measure FILE");
  }

  /** As of a copy of the shipped one that somebody has changed. */
  @Test
  void aPartForGpusIsTakenWhereItIsWanted() throws IOException {
    String text = Files.readString(Path.of("conf", "plan.conf"));

    assertThat(CoefficientsFile.read("my.conf", text, true))
        .isEqualTo(CoefficientsFile.shipped(true));
    assertThat(CoefficientsFile.read("my.conf", text, false))
        .isEqualTo(CoefficientsFile.shipped(false));
    assertThat(CoefficientsFile.read("my.conf", text(), true)).isEqualTo(ONE);
  }

  /** Users' networks are measured too, under the names of their files and classes. */
  @Test
  void networksHaveAnyNames() {
    Coefficients known =
        ONE.with("my.net", ONE.network("involution")).with("*", ONE.network("involution"));

    String text = CoefficientsFile.text(known, List.of());

    assertThat(CoefficientsFile.read("my.conf", text, false)).isEqualTo(known);
    assertRefused(text + "\nplan.networks.\"my.net\".speed = 1", "speed");
    assertRefused(text + "\nplan.networks.transformer.copy = 1", "state-bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plan.speed = 1",
        "plan.networks.involution.speed = 1",
        "plan-gpu.speed = 1",
        "plan.broadcast.per-task = 1",
        "bogus = 1"
      })
  void unknownKeysAreRefused(String line) {
    String key = line.substring(0, line.indexOf(' '));
    assertRefused(text() + line, "unknown key " + key);
  }

  @ParameterizedTest
  @CsvSource({
    "plan.broadcast.per-byte = -1, -1.0",
    "plan.broadcast = 3, broadcast",
    "plan.scheduling.per-task = x, per-task",
    "plan.exchange.shuffle-per-block = -1, -1.0",
    "plan.networks.involution.state-bytes = 0, 0 bytes",
    "plan.networks.involution.step.per-example = 0, per example",
    "plan.networks.involution.contention = 0, contention 0.0",
    "plan.networks.involution.copy = null, copy",
    "plan.measured = [], measured"
  })
  void whatCannotBeIsRefused(String line, String thing) {
    assertRefused(text() + line, thing, "plan --measure FILE");
  }

  @Test
  void missingKeysAreNamed() {
    assertRefused("plan { measured = x, networks {} }", "broadcast", "plan --measure FILE");
    assertRefused("", "plan", "plan --measure FILE");
  }

  @Test
  void brokenFilesAreRefused() {
    assertRefused("plan {", "is not valid HOCON", "correct the file");
  }

  private static void assertRefused(String text, String... parts) {
    assertThatThrownBy(() -> CoefficientsFile.read("my.conf", text, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--coefficients my.conf ")
        .hasMessageContainingAll(parts)
        .message()
        .doesNotContain("\n");
  }
}
