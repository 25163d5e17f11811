package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import io.involution.failure.RunFailedException;
import io.involution.run.RunFolder.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RunFolderTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path temporary;

  private static RunFolder take(Path out, Mode mode) {
    return RunFolder.take(out.toString(), mode, HADOOP);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(RunFolder folder, String name) {
    return new String(folder.read(name).orElseThrow(), StandardCharsets.UTF_8);
  }

  /** A folder with a run in it. */
  private Path run() {
    return run("run");
  }

  private Path run(String name) {
    Path out = temporary.resolve(name);
    RunFolder folder = take(out, Mode.NEW);
    folder.write(RunFolder.RECORD, bytes("{}"));
    folder.write("metrics/part-involution-00001-00001.jsonl", bytes("rows"));
    return out;
  }

  private void assertRefused(Path out, Mode mode, String... parts) throws IOException {
    Map<String, String> before = FolderListing.of(temporary);
    for (boolean taken : new boolean[] {false, true}) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(
              () -> {
                if (taken) {
                  take(out, mode);
                } else {
                  RunFolder.check(out.toString(), mode, HADOOP);
                }
              })
          .satisfies(
              e ->
                  assertThat(e.getMessage())
                      .contains("--out")
                      .contains(parts)
                      .doesNotContain("\n"));
    }
    assertThat(FolderListing.of(temporary)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void newAndEmptyFoldersCanBeTakenInEveryMode(Mode mode) throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));

    RunFolder.check(temporary.resolve("a/b/c").toString(), mode, HADOOP);
    assertThat(temporary.resolve("a")).doesNotExist();
    assertThat(take(temporary.resolve("a/b/c"), mode).attempt()).isEqualTo(1);
    assertThat(take(empty, mode).attempt()).isEqualTo(1);
    assertThat(FolderListing.files(temporary))
        .containsExactly("a/b/c/attempts/attempt-00001", "empty/attempts/attempt-00001");
  }

  @Test
  void newRefusesAFolderWithARun() throws IOException {
    assertRefused(run(), Mode.NEW, "already holds a run", "--overwrite", "--resume");
  }

  @Test
  void newRefusesAFolderThatARunHasJustTaken() throws IOException {
    Path out = temporary.resolve("run");
    take(out, Mode.NEW);

    assertRefused(out, Mode.NEW, "already holds a run");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void foreignFilesAreNeverTouched(Mode mode) throws IOException {
    Path out = Files.createDirectory(temporary.resolve("holiday"));
    Files.writeString(out.resolve("photo.jpg"), "precious");

    assertRefused(out, mode, "holds files that are not a run's", "new or empty folder");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void fileIsRefused(Mode mode) throws IOException {
    Path out = Files.writeString(temporary.resolve("file"), "text");

    assertRefused(out, mode, out.toString(), "is a file", "name a folder");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void folderBelowAFileCannotBeWritten(Mode mode) throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "text");
    Map<String, String> before = FolderListing.of(temporary);

    for (String below : List.of("run", "deep/er/run")) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> take(file.resolve(below), mode))
          .satisfies(
              e ->
                  assertThat(e.getMessage())
                      .contains("--out", file.toString(), "cannot be written")
                      .contains("name a folder that you can write to")
                      .doesNotContain("\n"));
    }
    assertThat(FolderListing.of(temporary)).isEqualTo(before);
  }

  @Test
  void unknownSchemeAndBrokenUriAreRefused() {
    for (String out :
        List.of("nothing://user:secret@host/run", "", "file:run", "file://host:x y")) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> RunFolder.take(out, Mode.NEW, HADOOP))
          .satisfies(
              e ->
                  assertThat(e.getMessage())
                      .startsWith("--out ")
                      .doesNotContain("secret")
                      .doesNotContain("\n"));
    }
  }

  @Test
  void overwriteLeavesNothingOfTheOldRun() throws IOException {
    Path out = run();

    RunFolder folder = take(out, Mode.OVERWRITE);

    assertThat(folder.attempt()).isEqualTo(1);
    assertThat(FolderListing.files(out)).containsExactly("attempts/attempt-00001");
  }

  @Test
  void overwriteTakesAwayTheUsersNetworksThatTheRecordNames() throws IOException {
    Path out = run();
    Files.writeString(
        out.resolve(RunFolder.RECORD),
        """
        {"status": "done", "identity": {"network mine": "sha256", "network ../other": ""}}\
        """);
    Files.createDirectories(out.resolve("mine/artifacts"));
    Files.writeString(out.resolve("mine/model.zip"), "a model");

    take(out, Mode.OVERWRITE);

    assertThat(FolderListing.files(out)).containsExactly("attempts/attempt-00001");
    assertThat(out.resolve("mine")).doesNotExist();
  }

  /** A project's src/ beside a run that was written into the project's folder. */
  @ParameterizedTest
  @CsvSource({
    "src/Main.java, src",
    "notes.txt, notes.txt",
    "attempts/mine, attempts/mine",
    "metrics/part-1.jsonl, metrics/part-1.jsonl",
    "convolution/model.zip.old, convolution/model.zip.old",
    "convolution/checkpoint-mine/data, convolution/checkpoint-mine",
    "involution/checkpoint-e00001-r00000-a00001/mine, a00001/mine",
    "report/mine.png, report/mine.png",
    "report/photos/one.jpg, report/photos",
    "tensorboard/other/events.out.tfevents.0000000001.involution, tensorboard/other",
    "cells/run.json, cells",
    "mine/model.zip, mine",
    "metrics/part-mine-00001-00001.jsonl, metrics/part-mine-00001-00001.jsonl"
  })
  void overwriteDeletesNothingWhereSomethingIsForeign(String name, String foreign)
      throws IOException {
    Path out = run();
    Path file = out.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "precious");

    assertRefused(out, Mode.OVERWRITE, foreign, "which no run has written", "nothing was deleted");
  }

  @Test
  void anEmptyFolderIsForeignToo() throws IOException {
    Path out = run();
    Files.createDirectories(out.resolve("drafts"));

    assertRefused(out, Mode.OVERWRITE, "drafts", "which no run has written");
  }

  @Test
  void overwriteFollowsNoLink() throws IOException {
    Path precious = Files.createDirectory(temporary.resolve("precious"));
    Files.writeString(precious.resolve("model.zip"), "precious");
    Path out = run();
    Files.createSymbolicLink(out.resolve("convolution"), precious);

    assertRefused(out, Mode.OVERWRITE, "convolution", "which no run has written");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void namesAloneMakeNoRun(Mode mode) throws IOException {
    Path out = Files.createDirectories(temporary.resolve("project/attempts"));
    Files.writeString(out.resolve("first.txt"), "precious");
    Files.createDirectories(temporary.resolve("project/src"));

    assertRefused(out.getParent(), mode, "holds files that are not a run's");
  }

  @Test
  void aRecordOfAnotherProgramIsNotOverwritten() throws IOException {
    Path out = Files.createDirectory(temporary.resolve("other"));
    Files.writeString(out.resolve("run.json"), "{\"status\": \"mine\"}");

    assertRefused(out, Mode.OVERWRITE, "holds files that are not a run's");
  }

  @Test
  void anAttemptOfAnotherProgramIsNotOverwritten() throws IOException {
    Path out = Files.createDirectories(temporary.resolve("other/attempts"));
    Files.writeString(out.resolve("attempt-00001"), "I tried to climb the hill");

    assertRefused(out.getParent(), Mode.OVERWRITE, "holds files that are not a run's");
  }

  /** A link that somebody has planted where a file or its temporary file will be. */
  @Test
  void writingFollowsNoLink() throws IOException {
    Path precious = Files.writeString(temporary.resolve("precious"), "precious");
    Path out = temporary.resolve("run");
    RunFolder folder = take(out, Mode.NEW);
    for (String name : List.of("file", "file.1.tmp")) {
      Files.createSymbolicLink(out.resolve(name), precious);
    }

    folder.write("file", bytes("new"));

    assertThat(precious).hasContent("precious");
    assertThat(out.resolve("file")).isRegularFile().hasContent("new");
    assertThat(Files.isSymbolicLink(out.resolve("file"))).isFalse();
  }

  @Test
  void resumeSweepsWhatADeadProcessLeftHalfWritten() throws IOException {
    Path out = run();
    String left = ".0b5a1d52-0000-4000-8000-0123456789ab.tmp";
    Files.writeString(out.resolve("run.json" + left), "half");
    Files.writeString(out.resolve("mine" + left), "mine");

    take(out, Mode.RESUME);

    assertThat(out.resolve("run.json" + left)).doesNotExist();
    assertThat(out.resolve("mine" + left)).exists();
  }

  @Test
  void resumeKeepsAllAndTakesTheNextNumber() throws IOException {
    Path out = run();

    RunFolder folder = take(out, Mode.RESUME);

    assertThat(folder.attempt()).isEqualTo(2);
    assertThat(FolderListing.files(out))
        .containsExactly(
            "attempts/attempt-00001",
            "attempts/attempt-00002",
            "metrics/part-involution-00001-00001.jsonl",
            "run.json");
    assertThat(text(folder, "metrics/part-involution-00001-00001.jsonl")).isEqualTo("rows");
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"OVERWRITE", "RESUME"})
  void fencedAttemptWritesNoMore(Mode mode) throws IOException {
    Path out = temporary.resolve("run");
    RunFolder old = take(out, Mode.NEW);
    old.write(RunFolder.RECORD, bytes("{}"));
    take(out, mode).write("file", bytes("new"));
    Map<String, String> before = FolderListing.of(out);

    List<Runnable> writes =
        List.of(
            () -> old.write("file", bytes("old")),
            () -> old.write("other", bytes("old")),
            () -> old.write("file", bytes("old")),
            () -> old.delete("file"));
    for (Runnable write : writes) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(write::run)
          .withMessageContaining("another run has taken --out ")
          .withMessageContaining(out.toString())
          .withMessageContaining("use a separate --out for each run");
    }
    assertThat(FolderListing.of(out)).isEqualTo(before);
    assertThat(text(old, "file")).as("reading goes on").isEqualTo("new");
  }

  @Test
  void attemptWhoseFolderIsGoneWritesNoMore() throws IOException {
    Path out = temporary.resolve("run");
    RunFolder folder = take(out, Mode.NEW);
    Files.delete(out.resolve("attempts/attempt-00001"));

    assertThatExceptionOfType(RunFailedException.class)
        .isThrownBy(() -> folder.write("file", bytes("x")))
        .withMessageContaining(out.toString())
        .withMessageContaining("deleted or moved");
    assertThat(out.resolve("file")).doesNotExist();
  }

  @Test
  void attemptOfTheSameNumberAndAnotherTokenTakesOver() throws IOException {
    Path out = temporary.resolve("run");
    RunFolder folder = take(out, Mode.NEW);
    folder.write("file", bytes("mine"));
    Files.writeString(out.resolve("attempts/attempt-00001"), "somebody else's token");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> folder.write("file", bytes("mine again")));
    assertThat(text(folder, "file")).isEqualTo("mine");
  }

  @RepeatedTest(10)
  void ofRacingRunsExactlyOneTakesANewFolder() throws Exception {
    Path out = temporary.resolve("run");
    List<RunFolder> taken = race(out.toString(), Mode.NEW);

    assertThat(taken).hasSize(1);
    taken.get(0).write("file", bytes("x"));
    assertThat(FolderListing.files(out)).containsExactly("attempts/attempt-00001", "file");
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"OVERWRITE", "RESUME"})
  void ofRacingRunsThatMayTakeOverExactlyOneCanWrite(Mode mode) throws Exception {
    for (int round = 0; round < 10; round++) {
      int winners = 0;
      for (RunFolder folder : race(run("run" + round).toString(), mode)) {
        try {
          folder.write("file", bytes("x"));
          winners++;
        } catch (InputException e) {
          assertThat(e.getMessage()).contains("another run has taken --out");
        }
      }
      assertThat(winners).isEqualTo(1);
    }
  }

  private static List<RunFolder> race(String out, Mode mode) throws Exception {
    int racers = 4;
    CyclicBarrier start = new CyclicBarrier(racers);
    ExecutorService threads = Executors.newFixedThreadPool(racers);
    List<Future<RunFolder>> takes = new ArrayList<>();
    for (int i = 0; i < racers; i++) {
      takes.add(
          threads.submit(
              () -> {
                start.await();
                try {
                  return RunFolder.take(out, mode, HADOOP);
                } catch (InputException e) {
                  assertThat(e.getMessage()).contains("--out").doesNotContain("\n");
                  return null;
                }
              }));
    }
    List<RunFolder> taken = new ArrayList<>();
    for (Future<RunFolder> take : takes) {
      if (take.get() != null) {
        taken.add(take.get());
      }
    }
    threads.shutdown();
    return taken;
  }

  @Test
  void replaceLeavesTheNewFileAndNothingElse() throws IOException {
    Path out = temporary.resolve("run");
    RunFolder folder = take(out, Mode.NEW);

    folder.write("deep/er/file", bytes("old"));
    folder.write("deep/er/file", bytes("new"));

    assertThat(text(folder, "deep/er/file")).isEqualTo("new");
    assertThat(FolderListing.files(out)).containsExactly("attempts/attempt-00001", "deep/er/file");
  }

  /** Half-written files must not be seen: a reader finds one of the two contents, whole. */
  @Test
  void readerNeverSeesAHalfReplacedFile() throws Exception {
    RunFolder folder = take(temporary.resolve("run"), Mode.NEW);
    byte[] first = bytes("a".repeat(300_000));
    byte[] second = bytes("b".repeat(200_000));
    folder.write("file", first);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    Future<?> writing =
        writer.submit(
            () -> {
              for (int i = 0; i < 60; i++) {
                folder.write("file", i % 2 == 0 ? second : first);
              }
            });

    while (!writing.isDone()) {
      byte[] read = folder.read("file").orElseThrow();
      assertThat(read.length).isIn(200_000, 300_000);
      assertThat(read[read.length - 1]).isEqualTo(read[0]);
    }
    writing.get();
    writer.shutdown();
  }

  @Test
  void filesAreListedReadAndDeleted() throws IOException {
    Path out = temporary.resolve("run");
    RunFolder folder = take(out, Mode.NEW);
    folder.write("b/2", bytes("two"));
    folder.write("b/1", bytes("one"));
    folder.write("b/3/deep", bytes("three"));

    assertThat(folder.list("b")).containsExactly("1", "2", "3");
    assertThat(folder.list("none")).isEmpty();
    assertThat(folder.read("none")).isEmpty();
    folder.delete("b/3");
    folder.delete("none");
    assertThat(folder.list("b")).containsExactly("1", "2");
    assertThat(FolderListing.files(out)).noneMatch(name -> name.endsWith(".crc"));
  }

  @Test
  void onlyARunCanBeOpenedForReading() throws IOException {
    Path out = run();

    assertThat(RunFolder.holdsRun(out.toString(), HADOOP)).isTrue();
    assertThat(text(RunFolder.read(out.toString(), HADOOP), "run.json")).isEqualTo("{}");
    for (Path other : List.of(temporary, temporary.resolve("none"))) {
      assertThat(RunFolder.holdsRun(other.toString(), HADOOP)).isFalse();
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> RunFolder.read(other.toString(), HADOOP))
          .withMessageContaining(other.toString())
          .withMessageContaining("is not a run's folder");
    }
    assertThat(FolderListing.files(out)).doesNotContain("attempts/attempt-00002");
  }

  @Test
  void uriAndPathAreTheSamePlace() {
    Path out = temporary.resolve("run");

    RunFolder folder = RunFolder.take(out.toUri().toString(), Mode.NEW, HADOOP);

    assertThat(folder.location()).isEqualTo("file:" + out);
    assertThat(out.resolve("attempts")).isDirectory();
  }
}
