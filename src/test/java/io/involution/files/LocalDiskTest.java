package io.involution.files;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTest {
  /** As some network mounts do. */
  private static final Path NOT_SYNCED = Path.of("/proc");

  @Test
  void aFileSystemThatSyncsNoFoldersDoesNotFailTheRun(@TempDir Path folder) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> {
              try (FileChannel channel = FileChannel.open(NOT_SYNCED)) {
                channel.force(true);
              }
            });
    assertThatCode(() -> new LocalDisk().syncFolder(NOT_SYNCED)).doesNotThrowAnyException();
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> new LocalDisk().syncFolder(folder.resolve("missing")));
  }
}
