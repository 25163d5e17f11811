package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import io.involution.report.PageNumbers.Shown;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import io.involution.report.run.RunGroups;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsReportTest {
  @TempDir private Path folder;

  @Test
  void seedsAreMeansWithTheirSpread() {
    List<RunData> runs = List.of(run("a", 1, 4), run("b", 2, 4), run("c", 3, 2));

    List<Shown> numbers = PageNumbers.of(RunsReport.files(runs).get(RunReport.INDEX));

    double first = accuracy(runs.get(0), 0);
    double second = accuracy(runs.get(1), 0);
    assertThat(number(numbers, "derived/group/0/runs")).isEqualTo(2);
    assertThat(number(numbers, "derived/group/0/mean/test_accuracy"))
        .isCloseTo((first + second) / 2, within(1e-12));
    assertThat(number(numbers, "derived/group/0/sd/test_accuracy"))
        .isCloseTo(Math.abs(first - second) / Math.sqrt(2), within(1e-12));
    assertThat(number(numbers, "derived/group/1/runs")).isEqualTo(1);
    assertThat(number(numbers, "derived/group/1/mean/test_accuracy"))
        .isEqualTo(accuracy(runs.get(2), 0));
    assertThat(numbers.stream().map(Shown::from))
        .doesNotContain("derived/group/1/sd/test_accuracy");
    for (int i = 0; i < runs.size(); i++) {
      for (int model = 0; model < 2; model++) {
        String place =
            String.format(
                Locale.ROOT,
                "run/%d/run.json#/results/%s/test_accuracy",
                i,
                runs.get(i).models().get(model).name());
        assertThat(number(numbers, place)).isEqualTo(accuracy(runs.get(i), model));
      }
    }
  }

  @Test
  void everyNumberAndTextIsThatOfTheRunsFiles() throws IOException {
    List<RunData> runs = List.of(run("a", 1, 4), run("b", 2, 4), run("c", 3, 2));
    // Groups network by network: two runs of four workers, one of two.
    List<List<String>> groups = List.of(List.of("a", "b"), List.of("c"));

    byte[] page = RunsReport.files(runs).get(RunReport.INDEX);

    List<Shown> numbers = PageNumbers.of(page);
    assertThat(numbers).hasSize(2 + 2 + 4 * 5 + 2 * 4 + 6 * 5);
    for (Shown number : numbers) {
      String[] parts = number.from().split("/", 4);
      double value;
      if (number.from().equals("derived/runs")) {
        value = 3;
      } else if (parts[0].equals("run")) {
        String name = "abc".substring(Integer.parseInt(parts[1]), Integer.parseInt(parts[1]) + 1);
        value = json(name).at(number.from().replaceAll(".*#", "")).asDouble();
      } else {
        int group = Integer.parseInt(parts[2]);
        String network = group < 2 ? "convolution" : "involution";
        value = ofGroup(groups.get(group % 2), network, parts[3]);
      }
      assertThat(number.value()).as(number.from()).isCloseTo(value, within(1e-9));
      RunReportTest.readsAsItself(number);
    }
    PageTexts texts = new PageTexts(page);
    for (PageTexts.Quoted quoted : texts.quoted()) {
      String[] parts = quoted.from().split("/", 3);
      JsonNode record = json("abc".substring(Integer.parseInt(parts[1])).substring(0, 1));
      assertThat(quoted.text()).isEqualTo(record.at(parts[2].replaceAll(".*#", "")).asText());
    }
    // Names of the groups, and of the runs' settings in the table of the groups.
    assertThat(texts.loose())
        .containsOnly(
            "Involution and convolution: 3 runs",
            "convolution 1",
            "convolution 2",
            "involution 1",
            "involution 2",
            "workers 4",
            "workers 2",
            "workers 4, seed 1",
            "workers 4, seed 2",
            "workers 2, seed 3");
  }

  /** A run is called by what tells it apart; what follows from that is in a table of its own. */
  @Test
  void runsAreCalledByWhatDiffers() {
    RunGroups runs = new RunGroups(List.of(run("a", 1, 4), run("b", 2, 4), run("c", 3, 2)));

    assertThat(runs.differing()).containsExactly("workers", "batch size per worker");
    assertThat(runs.distinguishing()).containsExactly("workers");
    assertThat(runs.runs().stream().map(runs::label))
        .containsExactly("workers 4, seed 1", "workers 4, seed 2", "workers 2, seed 3");
    RunGroups seeds = new RunGroups(runs.runs().subList(0, 2));
    assertThat(seeds.runs().stream().map(seeds::label)).containsExactly("seed 1", "seed 2");
    RunGroups same = new RunGroups(List.of(runs.runs().get(0), runs.runs().get(0)));
    assertThat(same.runs().stream().map(same::label)).containsExactly("a", "a");
  }

  /** Two folders may hold as many images; a copy holds the same ones. */
  @Test
  void otherDataIsAnotherGroup() {
    String first = "ab".repeat(32);
    String second = "cd".repeat(32);
    RunGroups folders =
        new RunGroups(
            List.of(
                run(new RunFixture(1).data("file:/first", first), "a"),
                run(new RunFixture(2).data("file:/second", second), "b"),
                run(new RunFixture(3).data("file:/copy", first), "c")));

    assertThat(groups(folders))
        .containsExactly(
            "convolution, data in file:/first",
            "convolution, data in file:/second",
            "involution, data in file:/first",
            "involution, data in file:/second");
    assertThat(folders.groups().get(0).members()).hasSize(2);
    assertThat(folders.runs().stream().map(folders::label))
        .containsExactly(
            "data in file:/first, seed 1",
            "data in file:/second, seed 2",
            "data in file:/copy, seed 3");
    RunData later = run(new RunFixture(1).data("file:/first", second), "d");
    RunGroups changed = new RunGroups(List.of(folders.runs().get(0), later));
    assertThat(changed.runs().stream().map(changed::label))
        .containsExactly("data sha256 abababababab", "data sha256 cdcdcdcdcdcd");
    assertThat(folders.shared()).doesNotContainKey("data sha256");
    assertThat(folders.differing()).contains("data sha256");
    RunFixture other = new RunFixture(1).option("learning_rate", 0.5).data("file:/second", second);
    RunGroups known = new RunGroups(List.of(folders.runs().get(0), run(other, "e")));
    assertThat(known.differing()).as("another setting says it").doesNotContain("data sha256");
  }

  /** What follows from the networks that were trained may not follow for each of them. */
  @Test
  void aNetworkIsComparedByItselfWhateverWasTrainedBesideIt() {
    RunFixture alone = new RunFixture(1).models("convolution").workers(8);
    RunGroups runs = new RunGroups(List.of(run("both", 1, 2), run(alone, "alone")));

    assertThat(runs.distinguishing()).containsExactly("workers");
    assertThat(groups(runs))
        .containsExactly(
            "convolution, workers 2", "convolution, workers 8", "involution, workers 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "device | cpu | gpu own | cpu | gpu own",
        "scheduled_epochs | 1, 2 | 1, 3, 2 | 1, 2 | 1, 3, 2",
        "init_sha256 | aaaabbbbccccdddd | bbbbccccddddaaaa | aaaabbbbcccc | bbbbccccdddd",
        "job_commit | 0000111122223333-x | 1111222233330000-x | 000011112222-x | 111122223333-x"
      })
  void whatOptionsStandForIsASetting(
      String fact, String value, String other, String shown, String otherShown) {
    RunGroups runs =
        new RunGroups(
            List.of(
                run(new RunFixture(1).fact(fact, value), "a"),
                run(new RunFixture(1).fact(fact, other), "b")));

    String name = fact.replace('_', ' ') + " ";
    assertThat(runs.runs().stream().map(runs::label))
        .containsExactly(name + shown, name + otherShown);
    assertThat(groups(runs))
        .containsExactly(
            "convolution, " + name + shown,
            "convolution, " + name + otherShown,
            "involution, " + name + shown,
            "involution, " + name + otherShown);
  }

  /** Another network in the same run is still the same one. */
  @Test
  void anEditedNetworkIsAnotherGroup() {
    RunFixture before = new RunFixture(1).models("convolution", "mine");
    RunFixture after = new RunFixture(2).models("convolution", "mine");
    after.fact("network mine", "ab".repeat(32) + " weight-decay");
    RunGroups runs = new RunGroups(List.of(run(before, "a"), run(after, "b"), run("c", 3, 4)));

    assertThat(groups(runs))
        .containsExactly(
            "convolution, ",
            "mine, network mine efefefefefef",
            "mine, network mine abababababab weight-decay",
            "involution, ");
    assertThat(runs.groups().get(0).members()).hasSize(3);
    assertThat(runs.runs().stream().map(runs::label))
        .containsExactly(
            "network mine efefefefefef, seed 1",
            "network mine abababababab weight-decay, seed 2",
            "seed 3");
  }

  @Test
  void whatAnEarlierVersionHasNotRecordedTellsNothingApart() {
    RunFixture known = new RunFixture(1).fact("job_commit", "ab".repeat(20));
    RunGroups runs = new RunGroups(List.of(run(known, "a"), run("b", 2, 4)));

    assertThat(groups(runs)).containsExactly("convolution, ", "involution, ");
    assertThat(runs.shared()).doesNotContainKey("job commit");
  }

  private static List<String> groups(RunGroups runs) {
    return runs.groups().stream().map(group -> group.network() + ", " + group.label()).toList();
  }

  /** A thousand runs' rows and pictures would not fit into memory. */
  @Test
  void needsTheResultsOnly() throws IOException {
    byte[] page = RunsReport.files(List.of(run("a", 1, 4))).get(RunReport.INDEX);

    RunData results = results("a");

    assertThat(RunsReport.files(List.of(results)).get(RunReport.INDEX)).isEqualTo(page);
    for (ModelData model : results.models()) {
      assertThat(model.epochs()).isEmpty();
      assertThat(model.workers()).isEmpty();
      assertThat(model.artifacts().train()).isEmpty();
    }
    // Of what is not shown only the length counts.
    Path unread = folder.resolve("a/involution/artifacts/predictions.json");
    Files.write(unread, new byte[(int) Files.size(unread)]);
    assertThat(RunsReport.files(List.of(results("a"))).get(RunReport.INDEX)).isEqualTo(page);
    Files.writeString(folder.resolve("a/run.json"), "{\"status\": \"running\", \"results\": {}}");
    assertThat(results("a").models())
        .extracting(ModelData::name)
        .containsExactly("convolution", "involution");
  }

  private RunData results(String name) {
    String run = folder.resolve(name).toString();
    return RunData.results(RunFolder.read(run, new Configuration()));
  }

  private double ofGroup(List<String> names, String network, String what) throws IOException {
    if (what.equals("runs")) {
      return names.size();
    }
    String pointer = "/results/" + network + what.replaceAll("^(mean|sd)", "");
    double sum = 0;
    for (String name : names) {
      sum += json(name).at(pointer).asDouble();
    }
    double mean = sum / names.size();
    if (what.startsWith("mean")) {
      return mean;
    }
    double squares = 0;
    for (String name : names) {
      squares += Math.pow(json(name).at(pointer).asDouble() - mean, 2);
    }
    return Math.sqrt(squares / (names.size() - 1));
  }

  private JsonNode json(String run) throws IOException {
    return Json.tree(Files.readAllBytes(folder.resolve(run).resolve("run.json")));
  }

  @Test
  void hostileNamesAreText() {
    String hostile = "<script>alert(1)</script>\"'&";
    List<RunData> runs =
        List.of(
            run(new RunFixture(1).option("outer_step", hostile), "a<b>"),
            run(new RunFixture(2).option("outer_step", "x"), "c"));

    String page = new String(RunsReport.files(runs).get(RunReport.INDEX), StandardCharsets.UTF_8);

    assertThat(page)
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "a&lt;b&gt;")
        .doesNotContain("<script", "<b>");
  }

  @Test
  void manySettingsStillGiveAChart() {
    List<RunData> runs = List.of(run("a", 1, 4), run("b", 1, 2));

    String page = new String(RunsReport.files(runs).get(RunReport.INDEX), StandardCharsets.UTF_8);

    assertThat(page).containsSubsequence("<svg", "<path", "</svg>");
  }

  private RunData run(String name, long seed, int workers) {
    return run(new RunFixture(seed).workers(workers), name);
  }

  private RunData run(RunFixture fixture, String name) {
    Path run = folder.resolve(name);
    fixture.epochs(2).write(run);
    return RunData.read(RunFolder.read(run.toString(), new Configuration()));
  }

  private static double accuracy(RunData run, int model) {
    return run.models().get(model).number("/test_accuracy");
  }

  private static double number(List<Shown> numbers, String from) {
    return numbers.stream()
        .filter(number -> number.from().equals(from))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
