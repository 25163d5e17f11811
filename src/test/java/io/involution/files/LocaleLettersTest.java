package io.involution.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class LocaleLettersTest {
  @Test
  void anArgumentThatDidNotArriveIsNamed() {
    for (String argument : List.of("/tmp/l\uFFFD\uFFFDufe", "/tmp/l??ufe")) {
      assertThat(LocaleLetters.mangled(List.of("train", argument), US_ASCII))
          .hasValueSatisfying(
              line -> assertThat(line).contains("l??ufe", "US-ASCII", "set LC_ALL=C.UTF-8"));
    }
  }

  @Test
  void questionsAndLettersOfTheLocaleArrive() {
    List<String> plain = List.of("http://x/a?b=1", "what?", "ab");
    assertThat(LocaleLetters.mangled(plain, US_ASCII)).isEmpty();
    assertThat(LocaleLetters.mangled(List.of("läufe", "a??b"), UTF_8)).isEmpty();
    assertThat(LocaleLetters.mangled(List.of("a??b"), ISO_8859_1)).isEmpty();
  }

  @Test
  void aLocalFileWouldGetAnotherName() throws Exception {
    FileSystem local = FileSystem.getLocal(new Configuration(false));
    assertThatIOException()
        .isThrownBy(() -> LocaleLetters.require(new Path("/tmp/läufe"), local, US_ASCII))
        .withMessageContainingAll("US-ASCII", "set LC_ALL=C.UTF-8");
    assertThatCode(() -> LocaleLetters.require(new Path("/tmp/läufe"), local, UTF_8))
        .doesNotThrowAnyException();
    assertThatCode(() -> LocaleLetters.require(new Path("/tmp/runs"), local, US_ASCII))
        .doesNotThrowAnyException();
  }
}
