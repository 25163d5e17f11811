package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The files that are made from the declarations of the options are current. To make them again:
 *
 * <pre>mvn -q test -Dtest=GeneratedFilesTest -Dgenerate=true</pre>
 */
class GeneratedFilesTest {
  private final Map<Path, String> texts = new GeneratedFiles().texts();

  @Test
  void filesAreCurrent() throws IOException {
    for (Map.Entry<Path, String> file : texts.entrySet()) {
      if (Boolean.getBoolean("generate")) {
        Files.createDirectories(file.getKey().getParent());
        Files.writeString(file.getKey(), file.getValue());
      }
      assertThat(Files.readString(file.getKey()))
          .as(
              "%s, which mvn -q test -Dtest=GeneratedFilesTest -Dgenerate=true makes",
              file.getKey())
          .isEqualTo(file.getValue());
    }
  }

  @Test
  void everyHelpTextIsThatOfACommand() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("submit", "help"))) {
      List<Path> found = files.toList();
      assertThat(texts.keySet()).containsAll(found);
    }
  }
}
