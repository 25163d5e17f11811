package io.involution.data.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.driver.Resumption;
import io.involution.failure.InputException;
import io.involution.failure.RunFailedException;
import io.involution.files.SlowFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFilesTest {
  private final Configuration hadoop = new Configuration();

  @TempDir private Path data;

  /** What never passes would end a schedule that goes on after exit code 3. */
  @Test
  void aFolderThatCannotBeListedNowMayBeListedLater() throws IOException {
    SlowFileSystem.register(hadoop);
    Files.createFile(Files.createDirectory(data.resolve("busy")).resolve("a.png"));
    String folder = "slow://" + data.resolve("busy");

    assertThatThrownBy(() -> ClassFiles.list(folder, hadoop))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("busy cannot be read (SocketTimeoutException: no answer")
        .matches(Resumption::mayPass);

    assertThat(ClassFiles.list(folder, hadoop)).containsExactly("a.png");
  }

  @Test
  void aFolderThatIsGoneIsWrongInput() throws IOException {
    Files.createDirectory(data.resolve("car"));

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ClassFiles.list(data.resolve("bus").toString(), hadoop))
        .withMessageContaining("bus cannot be read (FileNotFoundException: ")
        .withMessageEndingWith(": check it and your access to it");
  }
}
