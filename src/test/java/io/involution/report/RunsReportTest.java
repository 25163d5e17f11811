package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.report.PageNumbers.Shown;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            "run/%d/run.json#/results/%s/test_accuracy"
                .formatted(i, runs.get(i).models().get(model).name());
        assertThat(number(numbers, place)).isEqualTo(accuracy(runs.get(i), model));
      }
    }
  }

  @Test
  void manySettingsStillGiveAChart() {
    List<RunData> runs = List.of(run("a", 1, 4), run("b", 1, 2));

    String page = new String(RunsReport.files(runs).get(RunReport.INDEX), StandardCharsets.UTF_8);

    assertThat(page).containsSubsequence("<svg", "<path", "</svg>");
  }

  private RunData run(String name, long seed, int workers) {
    Path run = folder.resolve(name);
    new RunFixture(seed).epochs(2).workers(workers).write(run);
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
