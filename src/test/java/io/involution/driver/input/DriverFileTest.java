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
}
