package io.involution.data.cifar10;

import io.involution.data.DataFingerprint;
import io.involution.data.DataSchema;
import io.involution.data.Digests;
import io.involution.data.ExampleSource;
import io.involution.data.FileDigest;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A tar.gz in CIFAR-10's or CIFAR-100's binary format on any Hadoop file system. It is streamed:
 * every reader decompresses it up to the end of its range and writes nothing to disk.
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
  static Cifar10Archive open(Path archive, RecordCheck check, Configuration hadoop)
      throws IOException {
    try (InputStream in = FileSystems.of(archive, hadoop).open(archive)) {
      byte[] magic = in.readNBytes(2);
      if (magic.length < 2 || (magic[0] & 0xff) != 0x1f || (magic[1] & 0xff) != 0x8b) {
        throw new ArchiveWalk(archive.toString(), check).refuse("it is not a gzip file");
      }
    }
    return new Cifar10Archive(archive.toString(), check);
  }

  @Override
  public String location() {
    return Places.shown(archive);
  }

  @Override
  public int size(Subset subset) {
    return check.size(subset);
  }

  @Override
  public DataSchema schema() {
    return check.kind().schema(check.kind().classes(), archive);
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
                  check.records(name),
                  (buffer, first, count) ->
                      digests.update(buffer, 0, count * check.kind().record()));
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
    List<String> files = check.kind().files(subset);
    ShardBuilder shard = new ShardBuilder(range, check.kind());
    if (range.size() > 0) {
      new ArchiveWalk(archive, check)
          .run(
              hadoop,
              null,
              (name, in, file) -> {
                int before = files.indexOf(name) * check.records(name);
                int from = Math.max(0, range.from() - before);
                int to = Math.min(check.records(name), range.to() - before);
                if (before >= 0 && from < to) {
                  in.skipNBytes((long) from * check.kind().record());
                  check.read(
                      in,
                      file,
                      from,
                      to,
                      (buffer, first, count) -> shard.add(buffer, before + first, count));
                }
                return !shard.isComplete();
              });
    }
    return shard.build();
  }

  @Override
  public DataFingerprint fingerprint(List<FileDigest> digests) {
    return check.fingerprint(location(), digests);
  }
}
