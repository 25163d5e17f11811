package io.involution.data.cifar10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.involution.data.TarDamage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of reading a tar, and what of Commons Compress they rest on. */
class TarEntriesTest {
  private static final String LONG = "folder/".repeat(40) + "file.bin";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
  void entriesComeBackByNameSizeAndBytes(int longFiles) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(longFiles);
      put(tar, new TarArchiveEntry("folder/"), "");
      put(tar, new TarArchiveEntry("a.txt"), "hello");
      put(tar, new TarArchiveEntry("empty"), "");
      put(tar, new TarArchiveEntry(LONG), "x".repeat(513));
    }
    TarEntries tar = reader();

    assertEntry(tar, "folder/", 0);
    assertEntry(tar, "a.txt", 5);
    assertThat(new String(tar.content().readAllBytes(), UTF_8)).isEqualTo("hello");
    assertEntry(tar, "empty", 0);
    assertThat(tar.content().read()).isNegative();
    assertEntry(tar, LONG, 513);
    assertThat(tar.content().readNBytes(7)).hasSize(7);
    assertThat(tar.next()).isEmpty();
  }

  private static void assertEntry(TarEntries tar, String name, long size) throws IOException {
    TarArchiveEntry entry = tar.next().orElseThrow();
    assertThat(entry.getName()).isEqualTo(name);
    assertThat(entry.getSize()).isEqualTo(size);
    assertThat(entry.isDirectory()).isEqualTo(name.endsWith("/"));
    assertThat(TarEntries.isPlain(entry)).isTrue();
  }

  @Test
  void linksAndDevicesAreNotPlain() throws IOException {
    byte[] types = {TarConstants.LF_LINK, TarConstants.LF_SYMLINK, TarConstants.LF_FIFO, 'S', 'Z'};
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (byte type : types) {
        put(tar, new TarArchiveEntry("a", type), "");
        put(tar, new TarArchiveEntry("a/", type), "");
      }
    }
    TarEntries tar = reader();

    for (int i = 0; i < 2 * types.length; i++) {
      assertThat(TarEntries.isPlain(tar.next().orElseThrow())).as("entry " + i).isFalse();
    }
  }

  @Test
  void otherExtendedAttributesAreIgnored() throws Exception {
    extended("comment=a=b");
    assertEntry(reader(), "f", 3);
  }

  /** Commons Compress 1.23 computes forever on the first of these: CVE-2023-42503. */
  @ParameterizedTest
  @ValueSource(strings = {"mtime=1e1000000000", "SCHILY.devmajor=x", "uid=-1"})
  void malformedExtendedAttributesAreIgnoredOrRefusedAtOnce(String record) throws Exception {
    extended(record);

    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          try {
            assertEntry(reader(), "f", 3);
          } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"size=-5.0", "size=1e9", "size=     ", "size=9999999999999999999"})
  void malformedSizesAreRefused(String record) throws IOException {
    extended(record);
    assertThatThrownBy(() -> reader().next()).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GNU.sparse.major=1", "GNU.sparse.map=0,1"})
  void sparseFilesAreNotPlain(String record) throws IOException {
    extended(record);
    assertThat(TarEntries.isPlain(reader().next().orElseThrow())).isFalse();
  }

  @Test
  void namesOfMegabytesAreRefusedUnread() throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      put(tar, new TarArchiveEntry("long", TarConstants.LF_GNUTYPE_LONGNAME), "n".repeat(100_000));
      put(tar, new TarArchiveEntry("f"), "abc");
    }
    assertThatThrownBy(() -> reader().next()).hasMessageContaining("larger than 64 KiB");
  }

  @Test
  void headersWithoutEndAreRefused() throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (int i = 0; i < 200; i++) {
        put(tar, new TarArchiveEntry("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC), "7 a=bc\n");
      }
    }
    for (byte type : new byte[] {'x', 'g', 'L', 'K'}) {
      byte[] tar = bytes.toByteArray();
      for (int header = 0; header < 200 * 1024; header += 1024) {
        tar[header + 156] = type;
      }
      assertThatThrownBy(() -> next(tar))
          .as("type " + (char) type)
          .hasMessageContaining("larger than 64 KiB");
    }
  }

  @Test
  void binarySizesAreRead() throws IOException {
    put("f", "abc");
    byte[] tar = bytes.toByteArray();
    Arrays.fill(tar, 124, 136, (byte) 0);
    tar[124] = (byte) 0x80;
    tar[131] = 3;
    assertThat(next(checked(tar)).getSize()).isEqualTo(3L << 32);
    tar[125] = 1;
    assertThatThrownBy(() -> next(checked(tar))).isInstanceOf(IOException.class);
  }

  @Test
  void aTruncatedTarEndsEarlyAtEveryLength() throws IOException {
    put("f", "x".repeat(600));
    byte[] whole = bytes.toByteArray();
    for (int length = 0; length < 512 + 1024 + 2 * 512; length++) {
      TarEntries tar = new TarEntries(new ByteArrayInputStream(Arrays.copyOf(whole, length)));
      assertThatThrownBy(
              () -> {
                while (tar.next().isPresent()) {
                  tar.content().readAllBytes();
                }
              })
          .as("length " + length)
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aFlippedHeaderBitIsSeen() throws IOException {
    put("f", "abc");
    byte[] tar = bytes.toByteArray();
    List<Integer> unseen = new ArrayList<>();
    for (int bit = 0; bit < 512 * 8; bit++) {
      tar[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        next(tar);
        unseen.add(bit / 8);
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?s).*(header|archive).*");
      }
      tar[bit / 8] ^= (byte) (1 << bit % 8);
    }
    // Only the checksum's own closing blank may differ.
    assertThat(unseen).allMatch(place -> place >= 148 && place < 156);
  }

  private void extended(String record) throws IOException {
    int length = record.length() + 4;
    String line = length + " " + record + "\n";
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      put(tar, new TarArchiveEntry("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC), line);
      put(tar, new TarArchiveEntry("f"), "abc");
    }
    assertThat(line).hasSize(length);
  }

  private void put(String name, String content) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      put(tar, new TarArchiveEntry(name), content);
    }
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String content)
      throws IOException {
    byte[] written = content.getBytes(UTF_8);
    entry.setSize(written.length);
    tar.putArchiveEntry(entry);
    tar.write(written);
    tar.closeArchiveEntry();
  }

  private TarEntries reader() {
    return new TarEntries(new ByteArrayInputStream(bytes.toByteArray()));
  }

  private static TarArchiveEntry next(byte[] tar) throws IOException {
    try (TarEntries entries = new TarEntries(new ByteArrayInputStream(tar))) {
      return entries.next().orElseThrow();
    }
  }

  private static byte[] checked(byte[] tar) {
    return TarDamage.withChecksum(tar, 0);
  }
}
