package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.metrics.Json;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that a page shows elsewhere than in a number's element: in texts, alternatives, bars. */
class PageTextTest {
  /** Digits that belong to names and to what the page says of every run. */
  private static final List<String> FIXED =
      List.of(
          "cifar10-unverified",
          "CIFAR-100",
          "CIFAR-10",
          "SHA-256",
          "sha256",
          "1,000 parameters",
          "seed 42, 20 epochs",
          "highest 2 % of the sums",
          "The last 5 epochs",
          "32 x 32 pixels",
          "conv1",
          "conv2",
          "conv3",
          "involution1",
          "involution2",
          "involution3");

  @TempDir private static Path folder;
  private static Path run;
  private static byte[] page;
  private static PageTexts texts;

  @BeforeAll
  static void draw() {
    run = folder.resolve("run");
    new RunFixture(42).write(run);
    page = Fixtures.page(run);
    texts = new PageTexts(page);
  }

  @Test
  void theHeadClaimsNoMoreThanTheResults() throws IOException {
    ObjectNode record = (ObjectNode) Json.tree(Files.readAllBytes(run.resolve("run.json")));
    ObjectNode convolution = (ObjectNode) record.at("/results/convolution");
    convolution.put("test_accuracy", 0.1);
    assertThat(page(record)).contains(">123.3</data> times less arithmetic. ");

    convolution.set("test_accuracy", record.at("/results/involution/test_accuracy"));
    assertThat(page(record))
        .contains("Both networks classify ")
        .contains("Compared with involution, the convolution network has ")
        .doesNotContain("percentage points ahead");

    // It has ended all the same.
    record.put("status", "failed").putObject("results");
    assertThat(page(record)).contains("<h1>The run has no result yet</h1>");
  }

  private String page(ObjectNode record) throws IOException {
    Path changed = folder.resolve("changed");
    if (!Files.exists(changed)) {
      new RunFixture(42).write(changed);
    }
    Files.write(changed.resolve("run.json"), Json.pretty(record));
    return new String(Fixtures.page(changed), StandardCharsets.UTF_8);
  }

  @Test
  void quotedTextsStandInTheFiles() throws IOException {
    assertThat(texts.quoted()).hasSizeGreaterThan(40);
    for (PageTexts.Quoted quoted : texts.quoted()) {
      if (quoted.text().equals("–") && !quoted.from().startsWith("run.json#")) {
        continue;
      }
      assertThat(quoted.text()).as(quoted.from()).isEqualTo(expected(quoted.from()));
    }
    assertThat(texts.quoted().stream().map(PageTexts.Quoted::from))
        .contains(
            "run.json#/options/epochs",
            "run.json#/machine/java",
            "run.json#/data/sha256",
            "run.json#/results/involution/parameters_sha256");
  }

  @Test
  void noOtherTextHasANumberOfItsOwn() throws IOException {
    Set<String> left = new TreeSet<>();
    for (String text : texts.loose()) {
      String rest = text;
      for (String fixed : FIXED) {
        rest = rest.replace(fixed, "");
      }
      if (rest.matches("(?s).*\\d.*")) {
        left.add(rest);
      }
    }
    // Heads of rows and columns: the taps of a 3 x 3 kernel, workers 0 to 3.
    left.removeAll(Set.of("0", "1", "2", "3"));
    // The run that the fixture writes, and what stands in its files.
    left.removeIf(text -> text.matches("test image \\d(, the outlined position\\.)?"));
    left.remove("file:" + run);
    left.removeIf(text -> text.endsWith(" network, test images after epoch 20"));
    for (int worker = 0; worker < 4; worker++) {
      left.remove(String.format(Locale.ROOT, "host-%d, executor %d", worker, worker));
    }
    assertThat(left)
        .containsExactlyInAnyOrder(
            "epoch 9, round 3: executor 2 lost, 1 task retried",
            "epoch 14, round 1: resumed, attempt 2",
            "host-2, executor 2, 7",
            "submit/local-cluster train --model both --data auto --epochs 20 --batch-size 256"
                + " --averaging-period 8 --device auto --trainer averaging --learning-rate 0.001"
                + " --seed 42 --workers 4");
    assertThat(artifact("convolution", "confusion.json").get("epoch").asInt()).isEqualTo(20);
  }

  @Test
  void alternativesSayWhatTheFilesSay() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String model : List.of("convolution", "involution")) {
      artifact(model, "mistakes.json")
          .get("mistakes")
          .forEach(
              m ->
                  expected.add(
                      String.format(
                          Locale.ROOT, "Test image %d of class ", m.get("index").asInt())));
      expected.add(chart(model, "accuracy"));
      expected.add(chart(model, "loss"));
      expected.add("network's training images per second, round by round; ");
    }
    artifact("involution", "samples.json")
        .get("train")
        .forEach(
            s ->
                expected.add(
                    String.format(Locale.ROOT, "Training image %d: ", s.get("index").asInt())));
    expected.addAll(List.of("involution1", "involution2", "involution3"));
    double all = 0;
    for (int phase = 0; phase < 6; phase++) {
      all += new ExpectedNumbers(run).of("derived/involution/phase/" + phase);
    }
    expected.add(String.format(Locale.ROOT, "Involution: %,.1f in total.", all));

    expected.add("by epoch: cifar10-unverified, 20 epochs, 4 workers, seed 42");
    for (String model : List.of("convolution", "involution")) {
      ExpectedNumbers numbers = new ExpectedNumbers(run);
      double accuracy = 100 * numbers.of("run.json#/results/" + model + "/test_accuracy");
      double parameters = numbers.of("derived/" + model + "/parameters") / 1e3;
      double millions = numbers.of("derived/" + model + "/flops") / 2 / 1e3;
      String known = String.format(Locale.ROOT, " %s: %.2f\u00a0%% at ", model, accuracy);
      expected.add(known + String.format(Locale.ROOT, "%.1f\u00a0k.", parameters));
      expected.add(
          known
              + (millions < 1000
                  ? String.format(Locale.ROOT, "%.1f\u00a0k.", millions)
                  : String.format(Locale.ROOT, "%.1f\u00a0M.", millions / 1000)));
    }

    for (String spoken : texts.spoken()) {
      assertThat(expected).as(spoken).anyMatch(spoken::contains);
    }
    assertThat(expected).allMatch(part -> texts.spoken().stream().anyMatch(s -> s.contains(part)));
  }

  @Test
  void barsAreAsLongAsTheirNumbers() {
    String html = new String(page, StandardCharsets.UTF_8);
    Pattern bar =
        Pattern.compile(
            "class=\"meter[^\"]*\" style=\"--share:([\\d.]+)\"><data value=\"([^\"]*)\"");
    int bars = 0;
    for (Matcher matcher = bar.matcher(html); matcher.find(); bars++) {
      assertThat(Double.parseDouble(matcher.group(1)))
          .isCloseTo(Double.parseDouble(matcher.group(2)), within(1e-4));
    }
    assertThat(bars).isEqualTo(4 * 10);
    for (String model : List.of("convolution", "involution")) {
      double accuracy =
          RunData.read(RunFolder.read(run.toString(), new Configuration())).models().stream()
              .filter(data -> data.name().equals(model))
              .findFirst()
              .orElseThrow()
              .number("/test_accuracy");
      assertThat(html).contains("width:" + Math.round(10_000 * accuracy) / 100.0 + "%");
    }
    assertThat(html).contains("left:73.04%", "left:47.19%");
  }

  /** What is read does not depend on the machine's language. */
  @Test
  void isTheSameInEveryLanguage() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Fixtures.page(run)).isEqualTo(page);
    } finally {
      Locale.setDefault(before);
    }
  }

  private String chart(String model, String quantity) throws IOException {
    ExpectedNumbers numbers = new ExpectedNumbers(run);
    String place = "metrics.jsonl#/" + model + "/epoch/%d/test_" + quantity;
    double first = numbers.of(String.format(Locale.ROOT, place, 1));
    double last = numbers.of(String.format(Locale.ROOT, place, 20));
    return quantity.equals("accuracy")
        ? String.format(
            Locale.ROOT, "images from %.2f\u00a0%% to %.2f\u00a0%%;", 100 * first, 100 * last)
        : String.format(Locale.ROOT, "images from %.4f to %.4f;", first, last);
  }

  private String expected(String from) throws IOException {
    String[] parts = from.split("#", 2);
    JsonNode node = Json.tree(Files.readAllBytes(run.resolve(parts[0]))).at(parts[1]);
    if (node.isArray()) {
      List<String> words = new ArrayList<>();
      node.forEach(word -> words.add(word.asText()));
      return words.isEmpty() ? "–" : String.join(", ", words);
    }
    String text = node.isNull() || node.isMissingNode() ? "–" : node.asText();
    return from.endsWith("output_shape") ? text.replace(" x ", "\u00a0×\u00a0") : text;
  }

  private JsonNode artifact(String model, String name) throws IOException {
    return Json.tree(Files.readAllBytes(run.resolve(model + "/artifacts/" + name)));
  }
}
