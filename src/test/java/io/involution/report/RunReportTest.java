package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.failure.InputException;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunReportTest {
  private static final String HOSTILE = "<script>alert(\"1\")</script>'&";
  private static final Pattern PLAIN = Pattern.compile("[+\u2212]?[\\d,]+(\\.(\\d+))?(\u00a0%)?");

  @TempDir private Path folder;

  @Test
  void everyNumberIsThatOfTheRunsFiles() throws IOException {
    new RunFixture(42).write(folder.resolve("run"));
    ExpectedNumbers expected = new ExpectedNumbers(folder.resolve("run"));

    List<PageNumbers.Shown> numbers = PageNumbers.of(Fixtures.page(folder.resolve("run")));

    assertThat(numbers).hasSizeGreaterThan(500);
    for (PageNumbers.Shown number : numbers) {
      double value = expected.of(number.from());
      assertThat(number.value())
          .as(number.from())
          .isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value))));
      readsAsItself(number);
    }
    assertThat(numbers.stream().map(PageNumbers.Shown::from))
        .contains(
            "run.json#/results/convolution/test_accuracy",
            "run.json#/results/involution/train_loss",
            "run.json#/results/involution/seconds",
            "metrics.jsonl#/convolution/epoch/20/test_loss",
            "involution/artifacts/network.json#/optimizer",
            "derived/involution/seconds_to_best",
            "reference/involution/test_accuracy",
            "difference/convolution/test_loss",
            "involution/artifacts/confusion.json#/counts/9/9",
            "involution/artifacts/mistakes.json#/mistakes/11/probability");
  }

  @Test
  void ofManyClassesTheLowestAndTheirMixUpsAreShown() throws IOException {
    List<String> names = IntStream.range(0, 30).mapToObj(i -> "class " + i).toList();
    new RunFixture(7).classes(names).epochs(2).write(folder.resolve("many"));
    ExpectedNumbers expected = new ExpectedNumbers(folder.resolve("many"));

    List<PageNumbers.Shown> numbers = PageNumbers.of(Fixtures.page(folder.resolve("many")));

    List<PageNumbers.Shown> ofClasses =
        numbers.stream()
            .filter(number -> number.from().matches("derived/\\w+/(class|mixed)/.*"))
            .toList();
    assertThat(ofClasses).hasSize(2 * 20 * 2 + 2 * 20);
    for (PageNumbers.Shown number : ofClasses) {
      assertThat(number.value()).isCloseTo(expected.of(number.from()), within(1e-9));
    }
    assertThat(numbers).noneMatch(number -> number.from().contains("confusion.json"));
  }

  @Test
  void aRunThatWasTestedOnlyAtItsEndHasItsChartsAllTheSame() throws IOException {
    new RunFixture(7).testedLast().write(folder.resolve("last"));
    ExpectedNumbers expected = new ExpectedNumbers(folder.resolve("last"));

    Map<String, byte[]> files = files("last");

    List<PageNumbers.Shown> numbers = PageNumbers.of(files.get(RunReport.INDEX));
    String place = "metrics.jsonl#/convolution/epoch/%d/test_accuracy";
    assertThat(numbers.stream().map(PageNumbers.Shown::from))
        .contains(String.format(Locale.ROOT, place, 20))
        .doesNotContain(String.format(Locale.ROOT, place, 19));
    for (PageNumbers.Shown number : numbers) {
      assertThat(number.value()).isCloseTo(expected.of(number.from()), within(1e-9));
    }
    String page = new String(files.get(RunReport.INDEX), StandardCharsets.UTF_8);
    assertThat(page).contains("Learning curves").doesNotContain(">NaN", ">null<", ",NaN");
  }

  /** A file that is too large could not be read again. */
  @ParameterizedTest
  @CsvSource({"12, 25, 8, 11", "1, 49, 64, 0"})
  void kernelsThatDoNotFitAreLeftOut(int images, int taps, int groups, int drawn) {
    new RunFixture(42)
        .models("involution")
        .epochs(2)
        .kernels(images, taps, groups)
        .write(folder.resolve("run"));

    String page = page("run");

    assertThat(page).contains("Kernels of " + drawn + " of " + images + " images are drawn");
    assertThat(count(page, " alt=\"Image: ")).isEqualTo(drawn);
  }

  /** The closed list of a run's files knows all that a report consists of. */
  @Test
  void overwriteKnowsEveryFileOfARunAndItsReport() throws IOException {
    Path out = folder.resolve("run");
    new RunFixture(42).epochs(2).write(out);
    RunFolder run = RunFolder.take(out.toString(), Mode.RESUME, new Configuration());
    RunReport.files(RunData.read(run)).forEach(run::replaceReport);

    RunFolder.take(out.toString(), Mode.OVERWRITE, new Configuration());

    assertThat(out.toFile().list()).containsExactly("attempts");
  }

  /** What a reader sees is the number, rounded to the digits that are shown. */
  static void readsAsItself(PageNumbers.Shown number) {
    Matcher matcher = PLAIN.matcher(number.shown());
    if (!matcher.matches()) {
      assertThat(number.shown())
          .matches("[\\d.]+\u00a0(s|k|M|G|B|KiB|MiB|GiB)|.* (min|s).*|.*min.*s");
      return;
    }
    boolean percent = matcher.group(3) != null || number.from().endsWith("last_progress");
    boolean points = number.from().startsWith("difference/") && number.from().endsWith("accuracy");
    int digits = matcher.group(2) == null ? 0 : matcher.group(2).length();
    String text = number.shown().replaceAll("[,+\u00a0%]", "").replace('\u2212', '-');
    double scale = percent || points ? 100 : 1;
    assertThat(Double.parseDouble(text))
        .as(number.from())
        .isCloseTo(scale * number.value(), within(0.5001 * Math.pow(10, -digits)));
  }

  @Test
  void hostileNamesAreText() throws IOException {
    List<String> classes = new ArrayList<>(RunFixture.CLASSES);
    classes.set(3, HOSTILE);
    new RunFixture(1)
        .epochs(2)
        .classes(classes)
        .option("data", "hdfs://host/" + HOSTILE)
        .option("init", HOSTILE)
        .write(folder.resolve("run"));

    String page = page("run");

    assertThat(page).contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;");
    assertThat(page.toLowerCase(Locale.ROOT)).doesNotContain("<script", "alert(\"1\")");
    assertThat(page).contains("--init &#39;&lt;script&gt;");
    // Alternatives of pictures are attributes: nothing in a name ends one.
    assertThat(page)
        .contains("of class &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;\"");
  }

  @Test
  void isOneFileWithoutScriptsAndAddresses() throws IOException {
    new RunFixture(42).write(folder.resolve("run"));

    Map<String, byte[]> files = files("run");
    String page = new String(files.get(RunReport.INDEX), StandardCharsets.UTF_8);

    assertThat(files.get(RunReport.INDEX).length).isLessThan(3_000_000);
    String rest =
        page.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "");
    assertThat(rest).doesNotContain("http:", "https:", "<script", "<link", "@import", "url(h");
    assertThat(page)
        .contains("prefers-color-scheme: dark", "@media print", "image-rendering: pixelated");
    // Charts have the style sheet's colours, ticks and all.
    assertThat(page).contains("var(--series-1)", "var(--series-2)", "var(--chart-ink)");
    for (Matcher svg = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
        svg.find(); ) {
      assertThat(svg.group()).doesNotContain("rgb(").contains("role=\"img\"", "aria-label=");
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (file.getKey().endsWith(".png")) {
        assertThat(ImageIO.read(new ByteArrayInputStream(file.getValue()))).isNotNull();
      }
    }
  }

  @Test
  void hasItsPartsInOrder() throws IOException {
    new RunFixture(42).write(folder.resolve("run"));

    String page = page("run");

    assertInOrder(
        page,
        "<h1>The convolution network is more accurate",
        "id=\"comparison\"",
        "id=\"curves\"",
        "id=\"kernels\"",
        "id=\"classes\"",
        "id=\"mistakes\"",
        "id=\"data\"",
        "id=\"networks\"",
        "id=\"cluster\"",
        "executor 2 lost, 1 task retried",
        "resumed, attempt 2",
        "id=\"provenance\"",
        "submit/local-cluster train --model both");
    assertThat(count(page, "<caption>")).isEqualTo(count(page, "<table"));
    assertThat(count(page, " alt=\"")).isEqualTo(count(page, "<img"));
    // 25 samples, 12 mistakes a network, 10 images with 3 maps and 3 kernels, 6 colour bars.
    assertThat(count(page, "<img")).isEqualTo(25 + 2 * 12 + 10 * 7 + 6);
  }

  private void goesOn() throws IOException {
    Path record = folder.resolve("run/run.json");
    Files.writeString(record, Files.readString(record).replace("\"done\"", "\"running\""));
  }

  @Test
  void readsThePartsOfARunThatGoesOn() throws IOException {
    new RunFixture(42).epochs(3).write(folder.resolve("run"));
    goesOn();
    Files.delete(folder.resolve("run/metrics.jsonl"));

    assertThat(page("run")).contains("metrics.jsonl#/convolution/epoch/3/test_loss");
  }

  @Test
  void damagedFilesAreNamed() throws IOException {
    new RunFixture(42).epochs(2).write(folder.resolve("run"));
    Path metrics = folder.resolve("run/metrics.jsonl");
    byte[] whole = Files.readAllBytes(metrics);
    Files.write(metrics, new byte[0]);
    assertThatThrownBy(() -> files("run"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("metrics.jsonl (0 bytes instead of " + whole.length + ")");
    Files.write(metrics, whole);
    goesOn();
    List<String> lines = new ArrayList<>(Files.readAllLines(metrics));
    lines.set(4, lines.get(4).substring(7));
    Files.write(metrics, lines);

    assertThatThrownBy(() -> files("run"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("metrics.jsonl is damaged in line 5");
    Files.write(metrics, List.of("{}"));
    assertThatThrownBy(() -> files("run"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line 1");
    Files.delete(metrics);
    Files.writeString(
        folder.resolve("run/involution/artifacts/predictions.json"), "{\"test\":[{}]}");
    assertThatThrownBy(() -> files("run"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("predictions.json is damaged");
    Files.writeString(folder.resolve("run/run.json"), "[]");
    assertThatThrownBy(() -> files("run"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("run.json");
  }

  private String page(String run) {
    return new String(Fixtures.page(folder.resolve(run)), StandardCharsets.UTF_8);
  }

  private Map<String, byte[]> files(String run) {
    String path = folder.resolve(run).toString();
    return RunReport.files(RunData.read(RunFolder.read(path, new Configuration())));
  }

  /** AssertJ's own takes half a minute for a page. */
  private static void assertInOrder(String page, String... parts) {
    int from = 0;
    for (String part : parts) {
      int found = page.indexOf(part, from);
      assertThat(found).as(part).isGreaterThanOrEqualTo(from);
      from = found + part.length();
    }
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
