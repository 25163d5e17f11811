package io.involution.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.Causes;
import io.involution.failure.InputException;
import io.involution.failure.RunFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong itself, and what may be read later. */
class ReadFaultTest {
  private final Configuration hadoop = new Configuration(false);

  @TempDir private Path folder;

  private RuntimeException fault(Path file, IOException e) {
    return ReadFault.of(UserPath.of(file), ": check it", e, hadoop);
  }

  @Test
  void aFileThatIsMissingBesideOthersIsWrongInput() throws IOException {
    Files.createFile(folder.resolve("b.png"));

    assertThat(fault(folder.resolve("a.png"), new FileNotFoundException("none")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "file:"
                + folder.resolve("a.png")
                + " cannot be read (FileNotFoundException: none): check it");
    assertThat(fault(folder.resolve("mount/a.png"), new FileNotFoundException("none")))
        .isInstanceOf(RunFailedException.class);
  }

  /** Spark logs all causes of what a task throws. */
  @Test
  void whatMayPassHasACauseWithoutItsSecrets() {
    IOException e = new IOException("no answer by ftp://me:word@host/x");

    RuntimeException fault = fault(folder.resolve("a.png"), e);

    assertThat(fault).isInstanceOf(RunFailedException.class);
    assertThat(fault.getMessage()).endsWith("all executors can reach it");
    assertThat(Causes.root(fault)).isInstanceOf(IOException.class).isNotSameAs(e);
    assertThat(Causes.of(fault).map(Throwable::toString))
        .allSatisfy(text -> assertThat(text).contains("ftp://***@host/x").doesNotContain("word"));
  }

  @Test
  void anUnknownHostIsNoWrongPath() {
    hadoop.set("fs.lost.impl", LostFileSystem.class.getName());

    assertThatThrownBy(() -> FileSystems.of(UserPath.of("lost://nohost/x"), hadoop))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("nohost");
  }

  /** Says so as Hadoop's client of HDFS does. */
  public static final class LostFileSystem extends RawLocalFileSystem {
    @Override
    public void initialize(URI name, Configuration settings) {
      throw new IllegalArgumentException(new UnknownHostException(name.getHost()));
    }
  }
}
