package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.report.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir private Path folder;

  @Test
  void writesIntoTheRunsFolderAndLeavesTheRestAlone() throws IOException {
    Path run = folder.resolve("run");
    Fixtures.shortRun(run);
    List<String> before = files(run);

    Called report = Called.command("report", run.toString());

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(report.out()).contains("written to").contains("run/report/index.html");
    assertThat(run.resolve("report/index.html")).isNotEmptyFile();
    assertThat(run.resolve("report/accuracy-epochs-involution.png")).isNotEmptyFile();
    assertThat(run.resolve("report/kernels-involution-3.png")).isNotEmptyFile();
    List<String> after = files(run);
    assertThat(after).noneMatch(name -> name.endsWith(".tmp"));
    after.removeIf(name -> name.startsWith("report"));
    // No attempt was taken: a training that goes on in the folder is not stopped.
    assertThat(after).isEqualTo(before);
  }

  @Test
  void onePageOrAFolderElsewhere() throws IOException {
    Path run = folder.resolve("run");
    Fixtures.shortRun(run);
    Path page = folder.resolve("page.html");
    Path other = folder.resolve("other");

    assertThat(Called.command("report", run.toString(), "--out", page.toString()).code()).isZero();
    assertThat(Called.command("report", run.toString(), "--out", other.toString()).code()).isZero();

    assertThat(Files.readString(page)).contains("more accurate");
    assertThat(other.resolve("index.html")).hasSameBinaryContentAs(page);
    assertThat(other.resolve("samples.png")).exists();
    assertThat(run.resolve("report")).doesNotExist();
  }

  @Test
  void whatIsNoReportIsNotOverwritten() throws IOException {
    Path run = folder.resolve("run");
    Fixtures.shortRun(run);
    Path site = Files.createDirectory(folder.resolve("site"));
    for (String file : List.of("index.html", "samples.png")) {
      Path precious = Files.writeString(site.resolve(file), "<!doctype html>\nprecious");

      String error = Called.command("report", run.toString(), "--out", site.toString()).error();

      assertThat(error)
          .contains(file + " is there and was not written by this job", "nothing was overwritten");
      assertThat(site).isDirectoryContaining(precious::equals);
      holdsOne(site);
      assertThat(precious).content().isEqualTo("<!doctype html>\nprecious");
      Files.delete(precious);
    }
    Path page = Files.writeString(folder.resolve("mine.html"), "");
    assertThat(Called.command("report", run.toString(), "--out", page.toString()).error())
        .contains("mine.html is there and was not written by this job");
    assertThat(page).isEmptyFile();
    for (int again = 0; again < 2; again++) {
      assertThat(Called.command("report", run.toString(), "--out", site.toString()).code())
          .isZero();
    }
  }

  private static void holdsOne(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      assertThat(files).hasSize(1);
    }
  }

  /** Without the rights to write, but not by rights: the superuser has them all. */
  @Test
  void whereOneMayOnlyReadItNamesTheOptionForAnotherPlace() throws IOException {
    Path run = folder.resolve("run");
    Fixtures.shortRun(run);
    Files.writeString(run.resolve("report"), "no folder");

    String error = Called.command("report", run.toString()).error();

    assertThat(error)
        .contains(run + "/report cannot be written", "name another folder with --out")
        .doesNotContain("--resume");
    Path out = folder.resolve("elsewhere");
    assertThat(Called.command("report", run.toString(), "--out", out.toString()).code()).isZero();
  }

  @Test
  void severalRunsAreOneComparison() throws IOException {
    Fixtures.shortRun(folder.resolve("a"));
    Fixtures.shortRun(folder.resolve("b"));
    String[] runs = {folder.resolve("a").toString(), folder.resolve("b").toString()};

    Called without = Called.command("report", runs[0], runs[1]);
    Path out = folder.resolve("all");
    Called with = Called.command("report", runs[0], runs[1], "--out", out.toString());
    String again = runs[0] + "/";
    Called twice = Called.command("report", runs[0], again, "--out", out.toString());

    assertThat(without.error()).contains("--out");
    assertThat(twice.error()).contains("/a is given twice: name each run once");
    assertThat(with.code()).as(with.err()).isZero();
    assertThat(Files.readString(out.resolve("index.html")))
        .containsPattern("Mean test accuracy of <data [^>]*>2</data> runs");
  }

  @Test
  void whatIsNoRunIsOneLine() throws IOException {
    Path run = folder.resolve("run");
    Fixtures.shortRun(run);
    Files.writeString(run.resolve("metrics.jsonl"), "{\"type\":\"epoch\",\n");

    assertThat(Called.command("report", folder.toString()).error())
        .contains("is not a run's folder");
    assertThat(Called.command("report", folder.resolve("nowhere").toString()).error())
        .contains("is not a run's folder");
    assertThat(Called.command("report", run.toString()).error())
        .contains("is damaged: metrics.jsonl (17 bytes instead of ");
    Files.writeString(run.resolve("run.json"), "{");
    assertThat(Called.command("report", run.toString()).error()).contains("run.json is damaged");
    assertThat(Called.command("report").error()).contains("DIR");
  }

  private static List<String> files(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return new ArrayList<>(
          files
              .filter(Files::isRegularFile)
              .map(file -> run.relativize(file).toString())
              .sorted()
              .toList());
    }
  }
}
