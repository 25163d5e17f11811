package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.soak.WatchedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder is taken for. */
class DataFormatTest {
  private final Configuration hadoop = new Configuration();

  @TempDir private Path folder;

  /** Files of this machine as {@code listed:///path}, which notes what is listed. */
  public static final class ListedFileSystem extends WatchedFileSystem {
    static final Queue<String> LISTED = new ConcurrentLinkedQueue<>();

    @Override
    protected FSDataOutputStream created(org.apache.hadoop.fs.Path file, Creation creation)
        throws IOException {
      return creation.create();
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path place) throws IOException {
      LISTED.add(place.getName());
      return super.listStatus(place);
    }
  }

  private void file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }

  private String found() {
    return DataFormat.of(folder.toString(), "auto", hadoop);
  }

  @Test
  void eachFolderIsListedOnce() throws IOException {
    hadoop.set("fs.listed.impl", ListedFileSystem.class.getName());
    List<String> classes = List.of("ant", "bee", "cat");
    for (String name : classes) {
      file(name + "/deeper/1.png");
    }

    String found = DataFormat.of("listed://" + folder, "auto", hadoop);

    assertThat(found).isEqualTo(DataFormat.FOLDER);
    assertThat(ListedFileSystem.LISTED)
        .hasSize(4)
        .contains(folder.getFileName().toString())
        .containsAll(classes);
  }

  @Test
  void tablesAreKnownByTheirFilesHereOrAFolderDeeper() throws IOException {
    assertThat(found()).isEqualTo(DataFormat.CIFAR10);
    file("_temporary/part-0.orc");
    assertThat(found()).isEqualTo(DataFormat.CIFAR10);
    file("day=1/part-0.parquet");
    assertThat(found()).isEqualTo("parquet");
    file("day=1/_delta_log/0.json");
    assertThat(found()).isEqualTo("delta");
    file("_delta_log/0.json");
    assertThat(found()).isEqualTo("delta");
  }
}
