package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverFileTest {
  private final Configuration hadoop = new Configuration();

  @Test
  void aServerThatKeepsSilentIsNotWaitedForLong() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String name = "http://127.0.0.1:" + silent.getLocalPort() + "/model.zip";

      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> DriverFile.bytes("--model", name, hadoop, Duration.ofSeconds(1)))
          .withMessageContaining(name + " cannot be read")
          .withMessageContaining("not within 1 s");
    }
  }

  /** Also where nobody counts the time: Java reads these settings with its first request. */
  @Test
  void aSilentServerIsGivenUpByItself() throws IOException {
    FileSystems.of(UserPath.of("http://127.0.0.1:1/x"), hadoop);
    for (String limit : List.of("Connect", "Read")) {
      assertThat(System.getProperty("sun.net.client.default" + limit + "Timeout"))
          .isEqualTo("30000");
    }
  }

  @Test
  void aFileIsReadWholeAndAnEndlessOneIsNot(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "text");

    assertThat(DriverFile.text("--model", file.toString(), hadoop)).isEqualTo("text");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> DriverFile.bytes("--model", folder.toString(), hadoop))
        .withMessageContaining("a folder");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> DriverFile.bytes("--model", "/dev/zero", hadoop))
        .withMessageContaining("TooLargeException: more than ");
  }

  /** Settings lie where the command is typed; on a cluster its paths are elsewhere. */
  @Test
  void settingsMayBeOnThisMachineWhateverTheDefaultFileSystemIs(@TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("own settings.conf"), "here");
    // A file system whose root is another folder, as HDFS is.
    hadoop.set("fs.defaultFS", "viewfs://elsewhere/");
    Path there = Files.createDirectory(folder.resolve("there"));
    hadoop.set("fs.viewfs.mounttable.elsewhere.linkMergeSlash", there.toUri().toString());

    assertThat(DriverFile.text("--config", file.toString(), hadoop)).isEqualTo("here");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> DriverFile.bytes("--model", file.toString(), hadoop))
        .withMessageContaining("fs.defaultFS puts it on viewfs://elsewhere");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> DriverFile.text("--config", file + "x", hadoop))
        .withMessageContaining("fs.defaultFS puts it on viewfs://elsewhere");

    Path same = Files.createDirectories(there.resolve(file.getParent().toString().substring(1)));
    Files.writeString(same.resolve(file.getFileName()), "there");
    assertThat(DriverFile.text("--config", file.toString(), hadoop))
        .as("the default file system comes first")
        .isEqualTo("there");
  }
}
