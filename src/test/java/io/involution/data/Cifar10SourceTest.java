package io.involution.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.data.Cifar10Files.TarMember;
import io.involution.data.cifar10.Cifar10Archive;
import io.involution.data.cifar10.Cifar10Format;
import io.involution.data.cifar10.CifarKind;
import io.involution.data.cifar10.DataLocator;
import io.involution.data.cifar10.DataLocator.Environment;
import io.involution.data.cifar10.RecordCheck;
import io.involution.driver.Resumption;
import io.involution.failure.InputException;
import io.involution.failure.RunFailedException;
import io.involution.files.SlowFileSystem;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CIFAR-10's layout as a folder and as an archive, good and bad. */
class Cifar10SourceTest {
  private static final int RECORDS = 150;

  private final Configuration hadoop = new Configuration();
  private final Map<String, byte[]> files = Cifar10Files.files(RECORDS, 5);

  @TempDir private Path temporary;
  private Path folder;
  private Path archive;

  @BeforeEach
  void makePlaces() {
    folder = temporary.resolve("data");
    archive = temporary.resolve("data.tar.gz");
  }

  @Test
  void shardsOfAFolderHoldEveryExampleOnce() {
    Cifar10Files.write(folder, files);
    assertShardsHoldEveryExampleOnce(open(folder));
  }

  @Test
  void shardsOfAnArchiveHoldEveryExampleOnce() throws IOException {
    Files.write(archive, Cifar10Files.archive(files));
    assertShardsHoldEveryExampleOnce(open(archive));
  }

  private void assertShardsHoldEveryExampleOnce(ExampleSource source) {
    assertThat(source.size(Subset.TRAIN)).isEqualTo(5 * RECORDS);
    assertThat(source.size(Subset.TEST)).isEqualTo(RECORDS);
    byte[] train = concatenated(Cifar10Format.TRAIN);
    for (int workers = 1; workers <= 7; workers++) {
      int example = 0;
      for (int worker = 0; worker < workers; worker++) {
        ShardRange range = ShardRange.of(worker, workers, 5 * RECORDS);
        Shard shard = source.read(Subset.TRAIN, range, hadoop);
        assertThat(shard.size()).isBetween(5 * RECORDS / workers, 5 * RECORDS / workers + 1);
        for (int i = 0; i < shard.size(); i++, example++) {
          assertExample(shard, i, train, example);
        }
      }
      assertThat(example).isEqualTo(5 * RECORDS);
    }
    Shard test = source.read(Subset.TEST, new ShardRange(7, 9), hadoop);
    assertExample(test, 0, files.get(Cifar10Format.TEST), 7);
    assertExample(test, 1, files.get(Cifar10Format.TEST), 8);
    assertThat(source.read(Subset.TEST, new ShardRange(3, 3), hadoop).size()).isZero();
  }

  private static void assertExample(Shard shard, int place, byte[] records, int record) {
    int offset = record * Cifar10Format.RECORD;
    assertThat(shard.label(place)).isEqualTo(records[offset]);
    boolean same =
        Arrays.equals(
            shard.pixels(),
            place * ImageShape.CIFAR10.pixels(),
            (place + 1) * ImageShape.CIFAR10.pixels(),
            records,
            offset + 1,
            offset + Cifar10Format.RECORD);
    assertThat(same).as("pixels of record " + record).isTrue();
  }

  @Test
  void folderAndArchiveOfTheSameFilesHaveOneFingerprint() throws Exception {
    Cifar10Files.write(folder, files);
    Files.write(archive, Cifar10Files.archive(files));

    DataFingerprint one = inspected(open(folder));
    DataFingerprint other = inspected(open(archive));

    assertThat(one.sha256()).isEqualTo(other.sha256());
    assertThat(one.dataset()).isEqualTo("cifar10-unverified");
    assertThat(other.dataset()).isEqualTo("cifar10-unverified");
    files.get("data_batch_4.bin")[99]++;
    Cifar10Files.write(folder, files);
    assertThat(inspected(open(folder)).sha256()).isNotEqualTo(one.sha256());
  }

  @Test
  void inspectionTakesEveryFilesDigests() throws Exception {
    Files.write(archive, Cifar10Files.archive(files));

    List<FileDigest> digests = open(archive).inspect("archive", hadoop);

    assertThat(digests).hasSize(7);
    assertThat(digests.get(0).md5()).isEqualTo(hex("MD5", Files.readAllBytes(archive)));
    assertThat(digests.get(0).bytes()).isEqualTo(Files.size(archive));
    for (FileDigest digest : digests.subList(1, 7)) {
      assertThat(digest.sha256()).isEqualTo(hex("SHA-256", files.get(digest.file())));
      assertThat(digest.bytes()).isEqualTo((long) RECORDS * Cifar10Format.RECORD);
    }
  }

  @Test
  void theOfficialArchiveAndItsFilesAreToldByTheirDigests() {
    Cifar10Archive source =
        new Cifar10Archive("file:/x.tar.gz", new RecordCheck(CifarKind.CIFAR10, RECORDS));
    FileDigest archive = new FileDigest("archive", 1, Cifar10Format.ARCHIVE_MD5, "");
    List<FileDigest> files = new ArrayList<>();
    for (String md5 : Cifar10Format.FILES_MD5) {
      files.add(new FileDigest(Cifar10Format.FILES.get(files.size()), 1, md5, ""));
    }

    assertThat(source.fingerprint(List.of(archive)).dataset()).isEqualTo("cifar10");
    assertThat(source.fingerprint(files).dataset()).isEqualTo("cifar10");
    assertThat(source.fingerprint(files.subList(0, 5)).dataset()).isEqualTo("cifar10-unverified");
    files.set(5, new FileDigest(Cifar10Format.TEST, 1, "0", ""));
    assertThat(source.fingerprint(files).dataset()).isEqualTo("cifar10-unverified");
  }

  @Test
  void aFolderAroundTheOfficialFolderWillDo() {
    Cifar10Files.write(folder.resolve(Cifar10Format.FOLDER), files);
    assertThat(open(folder).size(Subset.TRAIN)).isEqualTo(5 * RECORDS);
  }

  @Test
  void classNamesComeFromTheFolder() throws IOException {
    Cifar10Files.write(folder, files);
    assertThat(open(folder).schema().classes()).isEqualTo(DataSchema.CIFAR10.classes());
    Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    assertThat(open(folder).schema().classes())
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
  }

  /** No model file could hold it: better now than after hours. */
  @Test
  void aClassNameThatSteersATerminalIsRefused() throws IOException {
    Cifar10Files.write(folder, files);
    for (String name : List.of("\u001b[31m", "\u202e", "x".repeat(300))) {
      Files.writeString(folder.resolve("batches.meta.txt"), ("a" + name + "b\n").repeat(10));
      assertRefused(() -> open(folder))
          .contains("batches.meta.txt has a class of the name")
          .doesNotContain("\u001b");
    }
  }

  @Test
  void aTruncatedFileIsNamed() throws IOException {
    Cifar10Files.write(folder, files);
    Files.write(
        folder.resolve("data_batch_3.bin"), Arrays.copyOf(files.get("data_batch_3.bin"), 5000));

    assertRefused(() -> open(folder))
        .contains("data_batch_3.bin", "5,000 bytes, not 460,950", "truncated", "download it again");
  }

  @Test
  void aFileThatIsTooLongIsNamed() throws IOException {
    Cifar10Files.write(folder, files);
    Files.write(folder.resolve("test_batch.bin"), new byte[500_000]);

    assertRefused(() -> open(folder)).contains("test_batch.bin", "500,000", "not a CIFAR-10 file");
  }

  @Test
  void aWrongLabelIsNamedWithItsPlace() {
    files.get("data_batch_2.bin")[100 * Cifar10Format.RECORD] = 37;
    Cifar10Files.write(folder, files);

    ExampleSource source = open(folder);

    assertRefused(() -> source.inspect("data_batch_2.bin", hadoop))
        .contains(
            "data_batch_2.bin", "label 37", "byte 307,300", "record 100", "download it again");
    assertRefused(() -> source.read(Subset.TRAIN, new ShardRange(200, 300), hadoop))
        .contains("data_batch_2.bin", "label 37");
  }

  @Test
  void aMissingBatchIsNamed() throws IOException {
    Cifar10Files.write(folder, files);
    Files.delete(folder.resolve("data_batch_5.bin"));

    assertRefused(() -> open(folder)).contains("data_batch_5.bin is missing", "all 6 files");
  }

  @Test
  void anEmptyFolderIsNamed() throws IOException {
    Files.createDirectories(folder);
    assertRefused(() -> open(folder)).contains("data is empty", "data_batch_1.bin");
  }

  @Test
  void aPlaceThatDoesNotExistIsNamed() {
    assertRefused(() -> open(folder)).contains("does not exist", folder.toString());
  }

  @Test
  void aFileThatIsNoArchiveIsRefused() throws IOException {
    Files.writeString(archive, "not a gzip");
    assertRefused(() -> open(archive)).contains("data.tar.gz", "not a gzip file");
    Files.write(archive, new byte[0]);
    assertRefused(() -> open(archive)).contains("not a gzip file");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new byte[3000]);
    }
    Files.write(archive, bytes.toByteArray());
    assertRefused(() -> inspected(open(archive))).contains("data_batch_1.bin is missing");
  }

  /** The archive is as good as before: nobody has to get it again. */
  @Test
  void anArchiveWhoseServerHangsUpCanBeReadLater() throws IOException {
    Files.write(archive, Cifar10Files.archive(files));
    hadoop.set("fs.cut.impl", CutFileSystem.class.getName());
    Cifar10Archive source =
        new Cifar10Archive("cut://" + archive, new RecordCheck(CifarKind.CIFAR10, RECORDS));

    assertMayPass(() -> source.inspect("archive", hadoop))
        .contains("data.tar.gz cannot be read (EOFException: the connection is cut)")
        .doesNotContain("delete");
  }

  /** Hangs up after a megabyte, and says so as Hadoop's calls to a name node do. */
  public static final class CutFileSystem extends RawLocalFileSystem {
    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
      InputStream whole = super.open(new org.apache.hadoop.fs.Path(file.toUri().getPath()), buffer);
      return new FSDataInputStream(new CutStream(whole));
    }
  }

  private static final class CutStream extends FSInputStream {
    private final InputStream in;
    private int position;

    CutStream(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      if (position == 1 << 20) {
        throw new EOFException("the connection is cut");
      }
      position++;
      return in.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (position == 1 << 20) {
        throw new EOFException("the connection is cut");
      }
      int count = in.read(buffer, offset, Math.min(length, (1 << 20) - position));
      position += Math.max(0, count);
      return count;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean seekToNewSource(long to) {
      return false;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** As for an executor that takes over the shard of one that died. */
  @Test
  void aFolderWhoseServerDoesNotAnswerCanBeReadLater() {
    SlowFileSystem.register(hadoop);
    Path slow = temporary.resolve("slow");
    Cifar10Files.write(slow, files);
    ExampleSource source = open("slow://" + slow, RECORDS);

    assertMayPass(() -> source.read(Subset.TRAIN, new ShardRange(0, 2), hadoop))
        .contains("data_batch_1.bin cannot be read (SocketTimeoutException: no answer");
    assertMayPass(() -> source.inspect("data_batch_2.bin", hadoop))
        .contains("data_batch_2.bin cannot be read (SocketTimeoutException: no answer");

    assertThat(source.read(Subset.TRAIN, new ShardRange(0, 2), hadoop).size()).isEqualTo(2);
  }

  @Test
  void aTruncatedArchiveIsRefusedWithTheOffset() throws IOException {
    byte[] whole = Cifar10Files.archive(files);
    for (int length : new int[] {12, 700, whole.length / 2, whole.length - 9}) {
      Files.write(archive, Arrays.copyOf(whole, length));
      assertRefused(() -> inspected(open(archive)))
          .as("length " + length)
          .containsPattern("it is (truncated or damaged|not a tar.gz) near byte [\\d,]+");
    }
  }

  @Test
  void entriesOutsideTheFolderAreRefused() throws IOException {
    for (String name : List.of("../evil.bin", "a/../../evil.bin", "/etc/evil")) {
      Files.write(
          archive,
          Cifar10Files.archive(
              List.of(new TarMember(new TarArchiveEntry(name, true), List.of(new byte[3])))));
      assertRefused(() -> inspected(open(archive))).contains("points outside the folder");
    }
  }

  @Test
  void linksAreRefused() throws IOException {
    for (byte type : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK}) {
      TarArchiveEntry link = new TarArchiveEntry("data_batch_1.bin", type);
      link.setLinkName("/etc/passwd");
      Files.write(archive, Cifar10Files.archive(List.of(new TarMember(link, List.of()))));
      assertRefused(() -> inspected(open(archive))).contains("link or a special file");
    }
  }

  @Test
  void anEntryLargerThanTheDataSetIsRefusedBeforeItIsRead() throws IOException {
    Files.write(
        archive,
        Cifar10Files.archive(
            List.of(
                new TarMember(new TarArchiveEntry("readme.html"), List.of(new byte[20_000_000])))));
    assertRefused(() -> inspected(open(archive))).contains("readme.html", "20,000,000");
    Map<String, byte[]> large = Cifar10Files.files(RECORDS + 1, 5);
    Files.write(archive, Cifar10Files.archive(large));
    assertRefused(() -> inspected(open(archive))).contains("data_batch_1.bin", "at least");
  }

  @Test
  void anEntryThatComesTwiceIsRefused() throws IOException {
    List<TarMember> members = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      members.add(
          new TarMember(
              new TarArchiveEntry("data_batch_1.bin"), List.of(files.get("data_batch_1.bin"))));
    }
    Files.write(archive, Cifar10Files.archive(members));
    assertRefused(() -> inspected(open(archive))).contains("data_batch_1.bin twice");
  }

  /** A few kilobytes that unpack to gigabytes: read no further than what the data set may hold. */
  @Test
  void bombsAreRefusedBeforeTheyAreUnpacked() throws IOException {
    for (String name : List.of("data_batch_1.bin", "readme.html")) {
      Files.write(archive, TarBomb.of(name, 1L << 32));
      assertRefused(() -> inspected(open(archive))).contains(name, "4,294,967,296");
    }
    Files.write(archive, TarBomb.after(Cifar10Files.archive(files), 1 << 24));
    assertRefused(() -> inspected(open(archive))).contains("data follows its last entry");
  }

  private ExampleSource open(Path place) {
    return open(place.toString(), RECORDS);
  }

  private ExampleSource open(String place, int records) {
    Environment environment =
        new Environment(
            true, Map.of(), temporary.toString(), URI.create("http://127.0.0.1:1/"), line -> {});
    return DataLocator.locate(place, environment, hadoop, records);
  }

  private DataFingerprint inspected(ExampleSource source) {
    List<FileDigest> digests = new ArrayList<>();
    for (String part : source.parts()) {
      digests.addAll(source.inspect(part, hadoop));
    }
    return source.fingerprint(digests);
  }

  private byte[] concatenated(List<String> names) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    names.forEach(name -> all.writeBytes(files.get(name)));
    return all.toByteArray();
  }

  private static String hex(String algorithm, byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
  }

  private static AbstractStringAssert<?> assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    String[] message = new String[1];
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(InputException.class, e -> message[0] = e.getMessage());
    return assertThat(message[0]).doesNotContain("\n");
  }

  private static AbstractStringAssert<?> assertMayPass(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    String[] message = new String[1];
    assertThatThrownBy(call)
        .matches(Resumption::mayPass)
        .isInstanceOfSatisfying(RunFailedException.class, e -> message[0] = e.getMessage());
    return assertThat(message[0]);
  }
}
