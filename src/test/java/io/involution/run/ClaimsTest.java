package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {
  private static final Duration BEAT = Duration.ofMillis(20);

  @TempDir private Path folder;
  private FolderFiles files;
  private Claims claims;

  @BeforeEach
  void open() {
    files = FolderFiles.at(folder.toString(), new Configuration());
    claims = new Claims(files, BEAT, Duration.ofMillis(500));
  }

  @AfterEach
  void close() {
    claims.close();
  }

  @Test
  void whatIsClaimedIsNobodyElses() throws InterruptedException {
    Claim claim = claims.take("a").orElseThrow();
    // Longer than the patience: it lives.
    Thread.sleep(1000);

    try (Claims others = new Claims(files, BEAT, Duration.ofMillis(500))) {
      assertThat(others.take("a")).isEmpty();
      assertThat(others.take("b")).isPresent();
    }
    claim.check();
    assertThat(claims.isAbandoned("a")).isFalse();
  }

  @Test
  void whatIsGivenBackCanBeClaimedAgain() {
    Claim first = claims.take("a").orElseThrow();
    claims.end(first);

    Claim second = claims.take("a").orElseThrow();
    assertThat(second.number()).isEqualTo(2);
    assertThatExceptionOfType(InputException.class).isThrownBy(first::check);
    claims.end(second);
    assertThat(claims.isAbandoned("a")).isTrue();
  }

  @Test
  void ofManyAtOnceOneGetsIt() {
    List<Optional<Claim>> taken =
        IntStream.range(0, 16).parallel().mapToObj(i -> claims.take("a")).toList();

    assertThat(taken.stream().filter(Optional::isPresent)).hasSize(1);
  }

  @Test
  void whatADeadProcessHadIsFreeAtOnce() throws Exception {
    Process process = new ProcessBuilder("true").start();
    long pid = process.pid();
    process.waitFor();
    write("a", new Owner(Owner.here().machine(), pid, "1").text());

    assertThat(claims.isAbandoned("a")).isTrue();
    assertThat(claims.take("a")).isPresent();
  }

  @Test
  void theSilentProcessOfAnotherMachineIsGivenUpAfterAWhile() throws Exception {
    write("a", new Owner("elsewhere", 1, "1").text());

    assertThat(claims.take("a")).isEmpty();
    files.write("claims/a/beat-00001", new byte[] {'1'}, Durability.NOT_NEEDED);
    Thread.sleep(400);
    assertThat(claims.take("a")).isEmpty();
    Thread.sleep(700);
    assertThat(claims.take("a").orElseThrow().number()).isEqualTo(2);
  }

  /** What is wrong with a claim's files is no other process. */
  @Test
  void damagedClaimsAreNotTakenForOthers() throws IOException {
    write("a", "token");
    try (RandomAccessFile ended =
        new RandomAccessFile(folder.resolve("claims/a/ended-00001").toFile(), "rw")) {
      ended.setLength(1L << 40);
    }

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> claims.take("a"))
        .withMessageContaining("claims/a/ended-00001 is too large");
  }

  @Test
  @Timeout(60)
  void aClaimThatIsSilentForLongSaysWhy() throws Exception {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    Appender lines =
        new AbstractAppender("claims-test", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            said.add(event.getMessage().getFormattedMessage());
          }
        };
    lines.start();
    Level level = LogManager.getRootLogger().getLevel();
    Configurator.setRootLevel(Level.WARN);
    context.getConfiguration().getRootLogger().addAppender(lines, Level.WARN, null);
    try {
      Files.createDirectories(folder.resolve("claims/a/beat-00001/in the way"));
      assertThat(claims.take("a")).isPresent();
      while (said.stream().noneMatch(line -> line.contains("beat-00001"))) {
        Thread.sleep(5);
      }
      Thread.sleep(200);
    } finally {
      Configurator.setRootLevel(level);
      context.getConfiguration().getRootLogger().removeAppender("claims-test");
    }
    assertThat(said.stream().filter(line -> line.contains("beat-00001")))
        .singleElement()
        .asString()
        .startsWith("warning: cannot write ")
        .contains("without a heartbeat");
  }

  private void write(String work, String token) throws IOException {
    Path claim = Files.createDirectories(folder.resolve("claims").resolve(work));
    Files.writeString(claim.resolve("attempt-00001"), token);
  }
}
