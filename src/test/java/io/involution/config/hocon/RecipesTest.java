package io.involution.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.TrainConfig;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.TrainOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecipesTest {
  private static final Path FOLDER = Path.of("conf", "recipes");

  static Stream<String> recipes() {
    return Recipes.NAMES.stream();
  }

  @Test
  void theFolderHasEachOfThemAndNoOther() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(recipes().map(name -> name + ".conf").toList());
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void isReadAndTrainsTheNetworkOfItsName(String name) throws IOException {
    String text = Recipes.text(name).orElseThrow();

    TrainOptions options = TrainConfig.load(Map.of(), Optional.of(new NamedText(name, text)));

    assertThat(options.model().labels()).containsExactly(name);
    assertThat(text).isEqualTo(Files.readString(FOLDER.resolve(name + ".conf")));
    assertThat(text).contains("submit/local train --config " + name + "\n");
  }

  @Test
  void noOtherNameIsOne() {
    assertThat(Recipes.text("../recipes/convolution")).isEmpty();
    assertThat(Recipes.text("")).isEmpty();
  }
}
