package io.involution.metrics;

import io.involution.files.Content;
import io.involution.files.Disk;
import io.involution.files.LocalDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk, which notes every step and waits for none. */
public final class RecordingDisk extends RawLocalFileSystem implements Disk {
  private static final String SETTING = "recording.disk";
  private static final Map<String, List<Step>> STEPS = new ConcurrentHashMap<>();

  private final Disk disk = new LocalDisk();

  /** What is done. */
  enum Kind {
    MAKE_FOLDER,
    WRITE,
    RENAME,
    SYNC_FOLDER,
    DELETE
  }

  /**
   * A step.
   *
   * @param to the new name, of a renamed file
   * @param bytes the content, of a written file
   * @param waited whether the content is on the disk
   */
  @SuppressWarnings("ArrayRecordComponent") // steps are never compared
  record Step(Kind kind, Path path, Path to, byte[] bytes, boolean waited) {}

  /** Settings of Hadoop with which local files go through this disk. */
  public static Configuration settings(String name) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.file.impl", RecordingDisk.class.getName());
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    hadoop.set(SETTING, name);
    return hadoop;
  }

  /** The steps that were taken with some settings; a live view. */
  static List<Step> steps(String name) {
    return STEPS.computeIfAbsent(name, key -> new ArrayList<>());
  }

  /** How often a file of this name was put in its place, with some settings. */
  public static long replaced(String name, String file) {
    return steps(name).stream()
        .filter(step -> step.kind() == Kind.RENAME && step.to().endsWith(file))
        .count();
  }

  private void note(Kind kind, Path path, Path to, byte[] bytes, boolean waited) {
    steps(getConf().get(SETTING)).add(new Step(kind, path, to, bytes, waited));
  }

  @Override
  public void makeFolder(Path folder) throws IOException {
    disk.makeFolder(folder);
    note(Kind.MAKE_FOLDER, folder, null, null, false);
  }

  @Override
  public void writeNew(Path file, Content content, boolean wait) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.writeTo(bytes);
    disk.writeNew(file, Content.of(bytes.toByteArray()), false);
    note(Kind.WRITE, file, null, bytes.toByteArray(), wait);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
    note(Kind.RENAME, from, to, null, false);
  }

  @Override
  public void syncFolder(Path folder) {
    note(Kind.SYNC_FOLDER, folder, null, null, false);
  }

  @Override
  public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
    boolean deleted = super.delete(path, recursive);
    if (deleted) {
      note(Kind.DELETE, Path.of(path.toUri().getPath()), null, null, false);
    }
    return deleted;
  }
}
