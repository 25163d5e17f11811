package io.involution.data.cifar10;

import io.involution.data.DataFingerprint;
import io.involution.data.DataSchema;
import io.involution.data.Digests;
import io.involution.data.ExampleSource;
import io.involution.data.FileDigest;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.ReadFault;
import io.involution.files.UserPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder in CIFAR-10's or CIFAR-100's binary format on any Hadoop file system. Only the bytes of
 * a range are read.
 *
 * @param folder URI of the folder that holds the files
 * @param check the data set, and the number of records of its files
 * @param schema the images and the classes
 */
record Cifar10Folder(String folder, RecordCheck check, DataSchema schema) implements ExampleSource {
  /** The fix where a file cannot be read. */
  static final String UNREAD = ": check --data and your access to it";

  /**
   * Opens a folder and checks the names and lengths of its files.
   *
   * @param folder the folder, or one that contains a folder of the official name
   * @param check the data set, and the number of records of its files
   * @param hadoop settings of the file system
   * @throws InputException naming what is missing or has the wrong length
   */
  static Cifar10Folder open(Path folder, RecordCheck check, Configuration hadoop)
      throws IOException {
    FileSystem fileSystem = FileSystems.of(folder, hadoop);
    Path inner = UserPath.in(folder, check.kind().folder());
    Path home = fileSystem.exists(inner) ? inner : folder;
    if (fileSystem.listStatus(home).length == 0) {
      throw new InputException(
          Places.shown(home.toString())
              + " is empty: name a folder with "
              + check.kind().files().get(0)
              + " and the other files");
    }
    requireBinary(fileSystem, home);
    for (String file : check.kind().files()) {
      Path path = UserPath.in(home, file);
      FileStatus status;
      try {
        status = fileSystem.getFileStatus(path);
      } catch (FileNotFoundException e) {
        throw new InputException(
            Places.shown(path.toString())
                + " is missing: name a folder with all "
                + check.kind().files().size()
                + " files of "
                + check.kind().title(),
            e);
      }
      if (status.isDirectory() || status.getLen() != check.length(file)) {
        throw check.wrongLength(Places.shown(path.toString()), status.getLen());
      }
    }
    Path names = UserPath.in(home, check.kind().namesFile());
    return new Cifar10Folder(
        home.toString(),
        check,
        check.kind().schema(ClassNames.read(fileSystem, home, check.kind()), names.toString()));
  }

  /** Refuses the other versions in a folder, and their folders below it. */
  private static void requireBinary(FileSystem fileSystem, Path home) throws IOException {
    for (FileStatus file : fileSystem.listStatus(home)) {
      String name = file.getPath().getName();
      if (Cifar10Format.isOtherVersion(name) || name.matches("cifar-10-batches-(py|mat)")) {
        throw new InputException(
            Places.shown(file.getPath().toString()) + " is of " + Cifar10Format.binaryVersion());
      }
    }
  }

  @Override
  public String location() {
    return Places.shown(folder);
  }

  @Override
  public int size(Subset subset) {
    return check.size(subset);
  }

  @Override
  public List<String> parts() {
    return check.kind().files();
  }

  @Override
  public List<FileDigest> inspect(String part, Configuration hadoop) {
    Path path = UserPath.in(folder, part);
    Digests digests = new Digests();
    try (FSDataInputStream in = FileSystems.of(path, hadoop).open(path)) {
      check.read(
          in,
          Places.shown(path.toString()),
          0,
          check.records(part),
          (buffer, first, count) -> digests.update(buffer, 0, count * check.kind().record()));
      if (in.read() >= 0) {
        throw check.wrongLength(Places.shown(path.toString()), check.length(part) + 1);
      }
    } catch (IOException e) {
      throw ReadFault.of(path, UNREAD, e, hadoop);
    }
    return List.of(digests.finish(part));
  }

  @Override
  public Shard read(Subset subset, ShardRange range, Configuration hadoop) {
    range.requireWithin(this, subset);
    ShardBuilder shard = new ShardBuilder(range, check.kind());
    List<String> files = check.kind().files(subset);
    for (int file = 0; file < files.size(); file++) {
      int before = file * check.records(files.get(file));
      int from = Math.max(0, range.from() - before);
      int to = Math.min(check.records(files.get(file)), range.to() - before);
      if (from < to) {
        Path path = UserPath.in(folder, files.get(file));
        try (FSDataInputStream in = FileSystems.of(path, hadoop).open(path)) {
          in.seek((long) from * check.kind().record());
          check.read(
              in,
              Places.shown(path.toString()),
              from,
              to,
              (buffer, first, count) -> shard.add(buffer, before + first, count));
        } catch (IOException e) {
          throw ReadFault.of(path, UNREAD, e, hadoop);
        }
      }
    }
    return shard.build();
  }

  @Override
  public DataFingerprint fingerprint(List<FileDigest> digests) {
    return check.fingerprint(location(), digests);
  }
}
