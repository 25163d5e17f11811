package io.involution.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is written as a whole or not at all, and another process's is left alone. */
class DurableFilesTest {
  private static final byte[] HALF = "half".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private static final Content BREAKS =
      out -> {
        out.write(HALF);
        throw new IllegalStateException("a part is damaged");
      };

  private org.apache.hadoop.fs.Path file() {
    return new org.apache.hadoop.fs.Path(folder.resolve("metrics.jsonl").toUri().getPath());
  }

  private void assertBreaks(DurableFiles files) {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> files.replace(file(), BREAKS, Durability.ON_DISK, () -> {}))
        .withMessage("a part is damaged");
  }

  private static FileSystem disk() throws IOException {
    RawLocalFileSystem local = new RawLocalFileSystem();
    local.initialize(URI.create("file:///"), new Configuration());
    return local;
  }

  @Test
  void onTheLocalDiskTheOldFileStays() throws IOException {
    DurableFiles files = new DurableFiles(disk());
    files.replace(file(), "whole".getBytes(StandardCharsets.UTF_8), Durability.ON_DISK);

    assertBreaks(files);

    assertThat(folder.resolve("metrics.jsonl")).hasContent("whole");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).hasSize(1);
    }
  }

  /** There, a file that is written over is empty at once. */
  @ParameterizedTest
  @ValueSource(strings = {"webhdfs", "swebhdfs", "abfs", "abfss"})
  void whereReadersSeeAFileGrowTheOldFileStays(String scheme) throws IOException {
    DurableFiles files = new DurableFiles(new Remote(disk(), scheme));
    for (String text : new String[] {"old", "whole"}) {
      files.replace(file(), text.getBytes(StandardCharsets.UTF_8), Durability.ON_DISK);
      assertThat(folder.resolve("metrics.jsonl")).hasContent(text);
    }

    assertBreaks(files);

    assertThat(folder.resolve("metrics.jsonl")).hasContent("whole");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).hasSize(1);
    }
  }

  @Test
  void onAnObjectStoreTheUploadIsAborted() throws IOException {
    Store store = new Store();
    store.initialize(URI.create("store:///"), new Configuration());

    assertBreaks(new DurableFiles(store));

    assertThat(store.aborted).hasValue(1);
    assertThat(folder.resolve("metrics.jsonl")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AlreadyBeingCreatedException", "RecoveryInProgressException"})
  void whatAnotherProcessIsCreatingIsLeftToIt(String told) throws IOException {
    Files.writeString(folder.resolve("metrics.jsonl"), "theirs");
    IOException busy =
        new RemoteException("org.apache.hadoop.hdfs.protocol." + told, "owned by a client");

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> new DurableFiles(new Hdfs(disk(), busy)).createNew(file(), HALF))
        .withMessageContaining("another process")
        .withCause(busy);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                new DurableFiles(new Hdfs(disk(), new IOException("safe mode")))
                    .createNew(file(), HALF))
        .withMessage("safe mode");

    assertThat(folder.resolve("metrics.jsonl")).hasContent("theirs");
  }

  /** The local disk under another scheme. */
  private static final class Remote extends FilterFileSystem {
    private final URI uri;

    private Remote(FileSystem disk, String scheme) {
      super(disk);
      this.uri = URI.create(scheme + "://here/");
    }

    @Override
    public URI getUri() {
      return uri;
    }
  }

  /** Creates no file, and says why. */
  private static final class Hdfs extends FilterFileSystem {
    private final IOException refusal;

    private Hdfs(FileSystem disk, IOException refusal) {
      super(disk);
      this.refusal = refusal;
    }

    @Override
    public URI getUri() {
      return URI.create("hdfs://here/");
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        FsPermission permission,
        EnumSet<CreateFlag> flags,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      throw refusal;
    }
  }

  /** Shows a file once its stream is closed, unless that was aborted, as S3A does. */
  private static final class Store extends RawLocalFileSystem {
    private final AtomicInteger aborted = new AtomicInteger();

    @Override
    public URI getUri() {
      return URI.create("store:///");
    }

    @Override
    public FSDataOutputStream create(org.apache.hadoop.fs.Path file, boolean overwrite)
        throws IOException {
      return new FSDataOutputStream(new Upload(Path.of(file.toUri().getPath())), null);
    }

    private final class Upload extends OutputStream implements Abortable, StreamCapabilities {
      private final Path file;
      private boolean gone;

      private Upload(Path file) {
        this.file = file;
      }

      @Override
      public void write(int b) {
        // Only whether there is a file matters.
      }

      @Override
      public AbortableResult abort() {
        gone = true;
        aborted.incrementAndGet();
        return null;
      }

      @Override
      public boolean hasCapability(String capability) {
        return capability.equals("fs.capability.outputstream.abortable");
      }

      @Override
      public void close() throws IOException {
        if (!gone) {
          Files.createFile(file);
        }
      }
    }
  }
}
