package io.involution.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteProbeTest {
  private final Configuration hadoop = new Configuration();

  @TempDir private Path folder;

  @Test
  void leavesNothingWhereThereWasNothing() {
    Path out = folder.resolve("a/b/c");

    assertThat(WriteProbe.run(out.toString(), hadoop)).endsWith("a/b/c");

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void touchesNothingThatIsThere() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("mine"), "text");

    WriteProbe.run(out.toString(), hadoop);

    assertThat(out).isDirectoryContaining(file -> file.endsWith("mine"));
    assertThat(out.toFile().list()).containsExactly("mine");
    assertThat(out.resolve("mine")).hasContent("text");
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> WriteProbe.run(file.resolve("below").toString(), hadoop))
        .withMessageContaining("--out " + file.resolve("below"))
        .withMessageContaining("that you can write to");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> WriteProbe.run("nope://me:word@host/x", hadoop))
        .satisfies(
            e -> assertThat(e.getMessage()).contains("nope://***@host").doesNotContain("word"));
  }
}
