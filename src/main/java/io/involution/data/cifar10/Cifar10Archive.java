package io.involution.data.cifar10;

import io.involution.data.DataFingerprint;
import io.involution.data.Digests;
import io.involution.data.ExampleSource;
import io.involution.data.FileDigest;
import io.involution.data.FileSystems;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.failure.Places;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A tar.gz in CIFAR-10's binary format on any Hadoop file system. It is streamed: every reader
 * decompresses it up to the end of its range and writes nothing to disk.
 *
 * @param archive URI of the file
 * @param check number of records of each file in it
 */
public record Cifar10Archive(String archive, RecordCheck check) implements ExampleSource {
  private static final String WHOLE = "archive";

  /**
   * Opens an archive and checks its first bytes.
   *
   * @throws io.involution.failure.InputException if it is not a gzip file
   */
  static Cifar10Archive open(Path archive, int records, Configuration hadoop) throws IOException {
    try (InputStream in = FileSystems.of(archive, hadoop).open(archive)) {
      byte[] magic = in.readNBytes(2);
      if (magic.length < 2 || (magic[0] & 0xff) != 0x1f || (magic[1] & 0xff) != 0x8b) {
        throw new ArchiveWalk(archive.toString(), new RecordCheck(records))
            .refuse("it is not a gzip file");
      }
    }
    return new Cifar10Archive(archive.toString(), new RecordCheck(records));
  }

  @Override
  public String location() {
    return Places.shown(archive);
  }

  @Override
  public int size(Subset subset) {
    return check.records() * Cifar10Format.files(subset).size();
  }

  @Override
  public List<String> classNames() {
    return Cifar10Format.CLASSES;
  }

  @Override
  public List<String> parts() {
    return List.of(WHOLE);
  }

  @Override
  public List<FileDigest> inspect(String part, Configuration hadoop) {
    Digests whole = new Digests();
    List<FileDigest> files = new ArrayList<>();
    new ArchiveWalk(archive, check)
        .run(
            hadoop,
            whole,
            (name, in, file) -> {
              Digests digests = new Digests();
              check.read(
                  in,
                  file,
                  0,
                  check.records(),
                  (buffer, first, count) ->
                      digests.update(buffer, 0, count * Cifar10Format.RECORD));
              files.add(digests.finish(name));
              return true;
            });
    List<FileDigest> all = new ArrayList<>(List.of(whole.finish(WHOLE)));
    all.addAll(files);
    return all;
  }

  @Override
  public Shard read(Subset subset, ShardRange range, Configuration hadoop) {
    range.requireWithin(this, subset);
    List<String> files = Cifar10Format.files(subset);
    Shard[] parts = new Shard[files.size()];
    int[] missing = {range.size()};
    if (range.size() > 0) {
      new ArchiveWalk(archive, check)
          .run(
              hadoop,
              null,
              (name, in, file) -> {
                int place = files.indexOf(name);
                int before = place * check.records();
                int from = Math.max(0, range.from() - before);
                int to = Math.min(check.records(), range.to() - before);
                if (place >= 0 && from < to) {
                  parts[place] = readMember(in, file, from, to);
                  missing[0] -= to - from;
                }
                return missing[0] > 0;
              });
    }
    return join(parts, range.size());
  }

  /** Entries may come in any order; each is read from its beginning. */
  private Shard readMember(InputStream in, String file, int from, int to) throws IOException {
    ShardBuilder part = new ShardBuilder(to - from);
    in.skipNBytes((long) from * Cifar10Format.RECORD);
    check.read(in, file, from, to, (buffer, first, count) -> part.add(buffer, count));
    return part.build();
  }

  private static Shard join(Shard[] parts, int examples) {
    byte[] pixels = new byte[examples * ImageShape.PIXELS];
    byte[] labels = new byte[examples];
    int size = 0;
    for (Shard part : parts) {
      if (part != null) {
        System.arraycopy(part.pixels(), 0, pixels, size * ImageShape.PIXELS, part.pixels().length);
        System.arraycopy(part.labels(), 0, labels, size, part.size());
        size += part.size();
      }
    }
    return new Shard(pixels, labels);
  }

  @Override
  public DataFingerprint fingerprint(List<FileDigest> digests) {
    boolean official =
        digests.stream()
            .anyMatch(
                file -> file.file().equals(WHOLE) && file.md5().equals(Cifar10Format.ARCHIVE_MD5));
    return new DataFingerprint(
        official ? "cifar10" : "cifar10-unverified",
        location(),
        Cifar10Format.digest(digests),
        size(Subset.TRAIN),
        size(Subset.TEST));
  }
}
