package io.involution.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base {x = 1, y = 2}, cells = [${base} {x = 3}, ${base} {x = 4}], f = ${base} {x = 5}",
        "experiment {name = n, out = \"runs/\"${experiment.name}, tags = [${experiment.name}]}",
        "a = x, a = ${a}y, a = ${a}z, d = [1], d += 2, d += 3, d += 4, d += 5",
        "base {x = 1}, base = ${base} {y = 2}, k = ${base}, l = ${k.x}",
        "\"a.b\" = \"${c}\", d = ${\"a.b\"}, e = ${?base.x}, base {x = ${base.y}, y = 3}"
      })
  void substitutionsAreThoseOfTheLibrary(String text) {
    assertThat(HoconFile.resolved(text))
        .isEqualTo(ConfigFactory.parseString(text).resolve(ConfigResolveOptions.noSystem()));
  }

  private static Stream<String> bombs() {
    StringBuilder strings = new StringBuilder("a0 = xxxxxxxxxx\n");
    StringBuilder lists = new StringBuilder("a0 = [1]\n");
    StringBuilder nested = new StringBuilder("a0 = [1]\n");
    StringBuilder objects = new StringBuilder("a0 {x = 1}\n");
    StringBuilder below = new StringBuilder("a0 {x = y}\n");
    for (int i = 1; i <= 60; i++) {
      int before = i - 1;
      strings.append("a" + i + " = ${a" + before + "}${?a" + before + "}\n");
      lists.append("a" + i + " = [1] ${a" + before + "} ${a" + before + "}\n");
      nested.append("a" + i + " = [${a" + before + "}, ${a" + before + "}]\n");
      objects.append("a" + i + " {x = ${a" + before + "}, y = ${a" + before + "}}\n");
      below.append("a" + i + " {x = ${a" + before + ".x}${a" + before + ".x}}\n");
    }
    return Stream.of(
        strings.toString(),
        lists.toString(),
        nested.toString(),
        objects.toString(),
        below.toString(),
        "a = x\n" + "a = ${a}${a}\n".repeat(60),
        "a = [1]\n" + "a = ${a} ${a}\n".repeat(60),
        "a = x, b = y\n" + "a = ${b}${b}\nb = ${a}${a}\n".repeat(30),
        "a=" + "[".repeat(200_000),
        "a=" + "[".repeat(40) + "]".repeat(40),
        "a".concat(".a".repeat(200_000)) + "=1",
        "a = " + "x".repeat(1 << 20));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void aFileIsRefusedThatGrows(String text) {
    assertThatThrownBy(() -> HoconFile.resolved(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageFindingMatch("letters|leads back to itself|nested too deeply");
  }
}
