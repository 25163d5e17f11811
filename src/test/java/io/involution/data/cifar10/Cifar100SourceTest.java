package io.involution.data.cifar10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.data.Cifar10Files;
import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.data.FileDigest;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.failure.InputException;
import io.involution.files.UserPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100SourceTest {
  private static final int RECORDS = 4;
  private static final int RECORD = 3074;

  private final Configuration hadoop = new Configuration(false);
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  @TempDir private Path folder;

  @BeforeEach
  void write() {
    Random random = new Random(1);
    for (String name : List.of("train.bin", "test.bin")) {
      byte[] file = new byte[(name.equals("train.bin") ? 5 : 1) * RECORDS * RECORD];
      random.nextBytes(file);
      for (int at = 0; at < file.length; at += RECORD) {
        file[at] = (byte) random.nextInt(20);
        file[at + 1] = (byte) random.nextInt(100);
      }
      files.put(name, file);
    }
    Cifar10Files.write(folder.resolve("cifar-100-binary"), files);
  }

  private ExampleSource open(CifarKind kind) throws IOException {
    return Cifar10Folder.open(UserPath.of(folder), new RecordCheck(kind, RECORDS), hadoop);
  }

  private ExampleSource archive() throws IOException {
    Path file = folder.resolve("c.tar.gz");
    Files.write(file, Cifar10Files.archive(files));
    RecordCheck check = new RecordCheck(CifarKind.CIFAR100, RECORDS);
    return Cifar10Archive.open(UserPath.of(file), check, hadoop);
  }

  private DataFingerprint fingerprint(ExampleSource source) {
    List<FileDigest> digests = new ArrayList<>();
    source.parts().forEach(part -> digests.addAll(source.inspect(part, hadoop)));
    return source.fingerprint(digests);
  }

  private void assertHolds(ExampleSource source, int labelAt) {
    byte[] train = files.get("train.bin");
    for (int worker = 0; worker < 3; worker++) {
      ShardRange range = ShardRange.of(worker, 3, 5 * RECORDS);
      Shard shard = source.read(Subset.TRAIN, range, hadoop);
      for (int i = 0; i < shard.size(); i++) {
        int at = (range.from() + i) * RECORD;
        assertThat(shard.label(i)).isEqualTo(train[at + labelAt]);
        assertThat(Arrays.copyOfRange(shard.pixels(), shard.offset(i), shard.offset(i + 1)))
            .isEqualTo(Arrays.copyOfRange(train, at + 2, at + RECORD));
      }
    }
    assertThat(source.size(Subset.TEST)).isEqualTo(RECORDS);
  }

  @Test
  void foldersAndArchivesHoldFineAndCoarseLabels() throws IOException {
    ExampleSource fine = open(CifarKind.CIFAR100);
    ExampleSource coarse = open(CifarKind.CIFAR100_COARSE);
    assertHolds(fine, 1);
    assertHolds(archive(), 1);
    assertHolds(coarse, 0);

    assertThat(fine.schema().classes()).hasSize(100).startsWith("apple").endsWith("worm");
    assertThat(coarse.schema().classes()).hasSize(20).startsWith("aquatic_mammals");
    assertThat(fingerprint(fine).dataset()).isEqualTo("cifar100-unverified");
    assertThat(fingerprint(fine).sha256()).isEqualTo(fingerprint(archive()).sha256());
    assertThat(fingerprint(fine).sha256()).isNotEqualTo(fingerprint(coarse).sha256());
  }

  @Test
  void namesOfTheFolderAreUsed() throws IOException {
    String names =
        IntStream.range(0, 20).mapToObj(i -> "group " + i).collect(Collectors.joining("\n"));
    Files.writeString(folder.resolve("cifar-100-binary/coarse_label_names.txt"), names);

    assertThat(open(CifarKind.CIFAR100_COARSE).schema().classes()).endsWith("group 19");
  }

  @Test
  void refusesWrongLabelsAndLengths() throws IOException {
    byte[] test = files.get("test.bin");
    test[RECORD + 1] = 100;
    Cifar10Files.write(folder.resolve("cifar-100-binary"), files);
    assertThatThrownBy(() -> open(CifarKind.CIFAR100).inspect("test.bin", hadoop))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("label 100")
        .hasMessageContaining("from 0 to 99");

    files.put("train.bin", Arrays.copyOf(files.get("train.bin"), RECORD));
    Cifar10Files.write(folder.resolve("cifar-100-binary"), files);
    assertThatThrownBy(() -> open(CifarKind.CIFAR100))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("train.bin has 3,074 bytes, not 61,480 (20 records of 3,074)");

    Files.delete(folder.resolve("cifar-100-binary/test.bin"));
    files.put("train.bin", new byte[5 * RECORDS * RECORD]);
    Cifar10Files.write(
        folder.resolve("cifar-100-binary"), Map.of("train.bin", files.get("train.bin")));
    assertThatThrownBy(() -> open(CifarKind.CIFAR100))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("test.bin is missing")
        .hasMessageContaining("CIFAR-100");
  }
}
