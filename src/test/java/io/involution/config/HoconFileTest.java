package io.involution.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings are data: a file is read on its own. */
class HoconFileTest {
  @TempDir private Path folder;

  @Test
  void aFileMayReferToItself() {
    assertThat(HoconFile.resolved("a = 1, b = ${a}, c = ${?a}, d = [1], d += 2").getInt("c"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"%s\"",
        "include file(\"%s\")",
        "include required(file(\"%s\"))",
        "include url(\"file:%s\")",
        "include url(\"http://127.0.0.1:9/x.conf\")",
        "include classpath(\"plan.conf\")",
        "include \"plan.conf\"",
        "a { include \"../other.conf\" }"
      })
  void nothingIsIncluded(String include) throws Exception {
    Path other = Files.writeString(folder.resolve("other.conf"), "a = 1");
    assertThatThrownBy(() -> HoconFile.resolved(include.replace("%s", other.toString())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("it includes", "copy the lines into it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = ${PATH}",
        "a = ${?PATH}",
        "a = \"http://x/\"${?PATH}",
        "a = ${user.home}",
        "a = ${?java.home}",
        "a = ${no.such.name}"
      })
  void nothingComesFromTheEnvironment(String text) {
    assertThatThrownBy(() -> HoconFile.resolved(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("environment variables are not read")
        .hasMessageNotContaining(System.getProperty("user.home"))
        .hasMessageNotContaining(System.getenv("PATH"));
  }

  @Test
  void nestingWithoutEndIsAnError() {
    assertThatThrownBy(() -> HoconFile.resolved("a=" + "[".repeat(200_000)))
        .isInstanceOf(ConfigException.class);
  }
}
