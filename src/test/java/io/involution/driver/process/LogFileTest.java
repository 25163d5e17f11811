package io.involution.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The file with what is too long for the console. */
class LogFileTest {
  @Test
  void aFileThatCannotBeWrittenSaysWhy() throws Exception {
    LogFile file = new LogFile();
    file.add("first");
    Path path = file.path().orElseThrow();
    Files.delete(path);
    Files.createDirectory(path);

    file.add("second");
    assertThat(file.lost()).hasValueSatisfying(why -> assertThat(why).contains("directory"));

    file.delete();
    file.add("third");
    assertThat(file.lost()).isEmpty();
    assertThat(file.path().orElseThrow()).hasContent("third");
    file.delete();
  }
}
