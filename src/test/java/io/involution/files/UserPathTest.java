package io.involution.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserPathTest {
  /** Names that a file on Linux may have. */
  static final List<String> NAMES =
      List.of(
          "my folder",
          " led and trailed ",
          "läufe",
          "測試",
          "a%41",
          "50%",
          "a#b",
          "a?b",
          "shot 10:20:30",
          "a:b",
          "file",
          "x+y",
          "it's \"quoted\"",
          "-dash",
          "--out",
          "a,b;c=d&e",
          "{a}[b]*",
          "back\\slash",
          "$HOME ~",
          "two\nlines",
          "n".repeat(200));

  private final Configuration hadoop = new Configuration();

  @TempDir private Path folder;

  static Stream<String> names() {
    return NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyNameIsThatFileHoweverItIsWritten(String name) throws IOException {
    Path file = Files.writeString(Files.createDirectory(folder.resolve(name)).resolve(name), name);
    Path relative = Path.of("").toAbsolutePath().relativize(file);

    for (String typed : List.of(file.toString(), "file:" + file, "file://" + file, "/" + file)) {
      assertThat(read(UserPath.of(typed))).as(typed).isEqualTo(name);
    }
    assertThat(read(UserPath.of(relative.toString()))).isEqualTo(name);
    assertThat(read(UserPath.of(file))).isEqualTo(name);
    org.apache.hadoop.fs.Path parent = UserPath.of(folder.toString());
    assertThat(read(UserPath.in(parent, name + "/" + name))).isEqualTo(name);
    assertThat(read(UserPath.in(UserPath.in(parent, name).toString(), name))).isEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsWrittenHasThatName(String name) throws IOException {
    FolderFiles files = FolderFiles.at(folder.resolve(name).toString(), hadoop);

    files.write(name, bytes("first"), Durability.NOT_NEEDED);
    files.write(name, bytes("second"), Durability.ON_DISK);

    assertThat(folder.resolve(name).resolve(name)).hasContent("second");
    assertThat(files.list("")).containsExactly(name);
    assertThat(FolderFiles.at(files.uri(""), hadoop).read(name)).contains(bytes("second"));
    files.delete(name);
    assertThat(folder.resolve(name)).isEmptyDirectory();
  }

  /** Hadoop's Path refuses most of these as URIs. */
  @ParameterizedTest
  @ValueSource(strings = {"a:b", "10:20:30.png", ":", "a:b/c:d", "-x:y", "ä:b"})
  void aRelativeNameWithAColonIsInTheWorkingFolder(String name) throws IOException {
    var path = UserPath.of(name);

    assertThat(FileSystems.of(path, hadoop).makeQualified(path).toUri().getPath())
        .isEqualTo(Path.of("").toAbsolutePath() + "/" + name);
  }

  @Test
  void aUriWithoutItsSlashIsNotSilentlyAName() {
    for (String half : List.of("file:x", "hdfs:x", "s3a:bucket/x", "s3:x", "http:x")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> UserPath.of(half))
          .withMessageContaining("needs a slash after " + half.substring(0, half.indexOf(':')));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> UserPath.of(""));
  }

  @ParameterizedTest
  @CsvSource({
    "/data/x, hdfs://names:8020, '; fs.defaultFS puts it on hdfs://names:8020/data/x, a file of"
        + " this machine is file:/data/x'",
    "hdfs:///data/x, hdfs://names:8020, ''",
    "file:/data/x, hdfs://names:8020, ''",
    "/data/x, file:///, ''",
    "/data/x, s3a://key:word@bucket, '; fs.defaultFS puts it on s3a://***@bucket/data/x, a file of"
        + " this machine is file:/data/x'"
  })
  void aPathWithoutASchemeSaysWhereItIs(String typed, String home, String meaning) {
    Configuration there = new Configuration(false);
    there.set("fs.defaultFS", home);

    assertThat(UserPath.meaning(typed, there)).isEqualTo(meaning);
  }

  @Test
  void aRelativePathNamesItsFolderOfThisMachine() {
    Configuration there = new Configuration(false);
    there.set("fs.defaultFS", "hdfs://names:8020");

    assertThat(UserPath.meaning("runs/a", there))
        .endsWith("file:" + Path.of("").toAbsolutePath() + "/runs/a");
  }

  @Test
  void whatIsWithinAFolderDoesNotDependOnSpelling() throws IOException {
    String absolute = Path.of("runs/a").toAbsolutePath().toString();
    for (String outer : List.of("runs/a", "runs/a/", "./runs//a", absolute, "file://" + absolute)) {
      for (String inner : List.of("runs/a/model", "runs/a", absolute, "file:" + absolute + "/x")) {
        assertThat(UserPath.isWithin(inner, outer, hadoop)).as(inner + " " + outer).isTrue();
        assertThat(UserPath.isWithin("runs/ab", outer, hadoop)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3", "s3n"})
  void oldNamesOfS3NameTheNewOne(String scheme) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> FileSystems.of(UserPath.of(scheme + "://bucket/x"), hadoop))
        .withMessageContaining("use s3a://");
  }

  private String read(org.apache.hadoop.fs.Path path) throws IOException {
    try (var in = FileSystems.of(path, hadoop).open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
