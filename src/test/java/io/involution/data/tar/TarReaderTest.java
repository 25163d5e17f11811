package io.involution.data.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.involution.data.TarDamage;
import io.involution.data.tar.TarMember.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tar reader against commons-compress's writer, and against headers that nobody means well. */
class TarReaderTest {
  private static final String LONG = "folder/".repeat(40) + "file.bin";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
  void membersComeBackByNameSizeAndBytes(int longFiles) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(longFiles);
      put(tar, new TarArchiveEntry("folder/"), "");
      put(tar, new TarArchiveEntry("a.txt"), "hello");
      put(tar, new TarArchiveEntry("empty"), "");
      put(tar, new TarArchiveEntry(LONG), "x".repeat(513));
    }
    TarReader tar = reader();

    assertThat(tar.next()).contains(new TarMember("folder/", 0, Kind.FOLDER));
    assertThat(tar.next()).contains(new TarMember("a.txt", 5, Kind.FILE));
    assertThat(new String(tar.readAllBytes(), UTF_8)).isEqualTo("hello");
    assertThat(tar.next()).contains(new TarMember("empty", 0, Kind.FILE));
    assertThat(tar.read()).isNegative();
    assertThat(tar.next()).contains(new TarMember(LONG, 513, Kind.FILE));
    assertThat(tar.readNBytes(7)).hasSize(7);
    assertThat(tar.next()).isEmpty();
  }

  @Test
  void linksAndDevicesAreOther() throws IOException {
    byte[] types = {TarConstants.LF_LINK, TarConstants.LF_SYMLINK, TarConstants.LF_FIFO, 'S', 'Z'};
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (byte type : types) {
        put(tar, new TarArchiveEntry("a", type), "");
      }
    }
    TarReader tar = reader();

    for (byte type : types) {
      assertThat(tar.next().orElseThrow().kind()).as("type " + type).isEqualTo(Kind.OTHER);
    }
  }

  /** commons-compress 1.23 computes for ever on the first of these: CVE-2023-42503. */
  @ParameterizedTest
  @ValueSource(strings = {"mtime=1e1000000000", "SCHILY.devmajor=x", "uid=-1", "comment=a=b"})
  void whatAnExtendedHeaderSaysOfOtherThingsIsNotLookedInto(String record) throws Exception {
    extended(record);

    Optional<TarMember> member =
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> reader().next());

    assertThat(member).contains(new TarMember("f", 3, Kind.FILE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"size=-5.0", "size=1e9", "size=     ", "size=9999999999999999999"})
  void sizesThatAreNoneAreRefused(String record) throws IOException {
    extended(record);
    assertThatThrownBy(() -> reader().next()).hasMessageContaining("malformed");
  }

  @Test
  void filesWithHolesAreOther() throws IOException {
    extended("GNU.sparse.major=1");
    assertThat(reader().next().orElseThrow().kind()).isEqualTo(Kind.OTHER);
  }

  @Test
  void namesOfMegabytesAreRefusedUnread() throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      put(tar, new TarArchiveEntry("long", TarConstants.LF_GNUTYPE_LONGNAME), "n".repeat(100_000));
      put(tar, new TarArchiveEntry("f"), "abc");
    }
    assertThatThrownBy(() -> reader().next()).hasMessageContaining("100000 bytes");
  }

  @Test
  void headersWithoutEndAreRefused() throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (int i = 0; i < 50; i++) {
        put(tar, new TarArchiveEntry("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC), "7 a=bc\n");
      }
    }
    assertThatThrownBy(() -> reader().next()).hasMessageContaining("more than 8 headers");
  }

  @Test
  void binarySizesAreRead() throws IOException {
    put("f", "abc");
    byte[] tar = bytes.toByteArray();
    Arrays.fill(tar, 124, 136, (byte) 0);
    tar[124] = (byte) 0x80;
    tar[131] = 3;
    assertThat(next(checked(tar)).orElseThrow().size()).isEqualTo(3L << 32);
    tar[124] = (byte) 0xff;
    assertThatThrownBy(() -> next(checked(tar))).hasMessageContaining("too large");
  }

  @Test
  void aCutTarEndsEarlyAtEveryLength() throws IOException {
    put("f", "x".repeat(600));
    byte[] whole = bytes.toByteArray();
    for (int length = 0; length < 512 + 1024 + 512; length++) {
      TarReader tar = new TarReader(new ByteArrayInputStream(Arrays.copyOf(whole, length)));
      assertThatThrownBy(
              () -> {
                while (tar.next().isPresent()) {
                  tar.readAllBytes();
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
        assertThat(e).hasMessageContaining("header");
      }
      tar[bit / 8] ^= (byte) (1 << bit % 8);
    }
    // Only the checksum's own closing blank may be another one.
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

  private TarReader reader() {
    return new TarReader(new ByteArrayInputStream(bytes.toByteArray()));
  }

  private static Optional<TarMember> next(byte[] tar) throws IOException {
    try (InputStream in = new ByteArrayInputStream(tar)) {
      return new TarReader(in).next();
    }
  }

  private static byte[] checked(byte[] tar) {
    return TarDamage.withChecksum(tar, 0);
  }
}
