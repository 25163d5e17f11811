package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.report.chart.Chart;
import io.involution.report.chart.DotChart;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures the charts of a page: their lines and bars are where the run's numbers say. */
class ChartTest {
  private static final String SOLID = "stroke-linecap=\"round\"";
  private static final String DASHED = "stroke-dasharray=\"5,4\"";

  @TempDir private Path folder;
  private ExpectedNumbers expected;
  private String page;

  @BeforeEach
  void draw() throws IOException {
    Path run = folder.resolve("run");
    new RunFixture(42).write(run);
    expected = new ExpectedNumbers(run);
    page = page(run);
  }

  private static String page(Path run) {
    return new String(Fixtures.page(run), StandardCharsets.UTF_8);
  }

  @Test
  void curvesGoThroughTheEpochsNumbers() throws IOException {
    for (String model : List.of("convolution", "involution")) {
      curve(model, "accuracy", SOLID, "test_accuracy");
      curve(model, "accuracy", DASHED, "train_accuracy");
      curve(model, "loss", SOLID, "test_loss");
      curve(model, "loss", DASHED, "train_loss");
    }
  }

  @Test
  void curvesEndWhereTheLastEpochWasCutShort() {
    Path run = folder.resolve("cut");
    new RunFixture(42).epochs(10).option("epochs", 9.9).write(run);
    page = page(run);

    for (String chart : List.of("comparison", "accuracy-epochs-involution")) {
      List<double[]> points = points(svg(chart), SOLID);
      assertThat(points).as(chart).hasSize(10);
      double epoch = (points.get(8)[0] - points.get(0)[0]) / 8;
      assertThat((points.get(9)[0] - points.get(8)[0]) / epoch)
          .as(chart)
          .isCloseTo(0.9, within(0.01));
    }
  }

  @Test
  void barsAreAsLongAsTheirPhases() throws IOException {
    Matcher bar =
        Pattern.compile("<rect [^>]*fill=\"var\\(--phase-(\\d)\\)\"[^>]* width=\"([\\d.]+)\"")
            .matcher(svg("round-phases"));
    double first = 0;
    int bars = 0;
    for (; bar.find(); bars++) {
      String model = bars < 6 ? "convolution" : "involution";
      double milliseconds =
          expected.of(
              String.format(
                  Locale.ROOT, "derived/%s/phase/%d", model, Integer.parseInt(bar.group(1)) - 1));
      double width = Double.parseDouble(bar.group(2));
      first = bars == 0 ? milliseconds / width : first;
      assertThat(first * width).isCloseTo(milliseconds, within(first * 0.3));
    }
    assertThat(bars).isEqualTo(12);
  }

  @Test
  void ofManyRowsTheBestOfEachColorAreShownInAnImageThatIsNotTooLarge() throws IOException {
    DotChart dots = new DotChart();
    for (int row = 0; row < 1_000; row++) {
      double value = row / 2_000.0;
      dots.row("row " + row, row % 4, List.of(value), value, 0);
    }

    Chart chart = dots.draw("test accuracy", "many", "Dots.");

    assertThat(chart.svg())
        .contains(">row 999</text>", ">row 800</text>", "The best 50 of each color; 800 left out")
        .doesNotContain(">row 799</text>");
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(chart.png()));
    assertThat(image.getWidth() * image.getHeight()).isBetween(19_000_000, 20_000_000);
  }

  @Test
  void fewRowsAreAllShown() {
    DotChart dots = new DotChart().row("worse", 0, List.of(0.5), 0.5, 0);

    String svg = dots.row("better", 1, List.of(0.6), 0.6, 0).draw("test", "few", "Dots.").svg();

    assertThat(svg).containsSubsequence(">worse<", ">better<").doesNotContain("left out");
  }

  private void curve(String model, String quantity, String stroke, String key) throws IOException {
    String svg = svg(quantity + "-epochs-" + model);
    List<double[]> points = points(svg, stroke);
    assertThat(points).hasSize(20);
    // From pixels to values by the ticks of the left axis, whose texts are 5.4 below them.
    double[] low = tick(svg, 0);
    double[] high = tick(svg, 1);
    for (int epoch = 1; epoch <= 20; epoch++) {
      double[] point = points.get(epoch - 1);
      double value = low[0] + (point[1] - low[1]) * (high[0] - low[0]) / (high[1] - low[1]);
      double is =
          expected.of(
              String.format(Locale.ROOT, "metrics.jsonl#/%s/epoch/%d/%s", model, epoch, key));
      // A tenth of a pixel is what the page's coordinates tell.
      assertThat(value).as(key + epoch).isCloseTo(is, within(0.006));
      assertThat((point[0] - points.get(0)[0]) / (points.get(19)[0] - points.get(0)[0]))
          .isCloseTo((epoch - 1) / 19.0, within(0.001));
    }
  }

  private static List<double[]> points(String svg, String stroke) {
    Matcher path =
        Pattern.compile(
                "<g [^>]*var\\(--series-[^>]*" + stroke + "[^>]*><path [^>]* d=\"([^\"]*)\"")
            .matcher(svg);
    assertThat(path.find()).isTrue();
    List<double[]> points = new ArrayList<>();
    Matcher pair = Pattern.compile("[ML]([\\d.]+) ([\\d.]+)").matcher(path.group(1));
    while (pair.find()) {
      points.add(
          new double[] {Double.parseDouble(pair.group(1)), Double.parseDouble(pair.group(2))});
    }
    return points;
  }

  /** Value and place of the lowest tick of the left axis, or of the highest. */
  private static double[] tick(String svg, int which) {
    Matcher text =
        Pattern.compile("<text [^>]* x=\"([\\d.]+)\" y=\"([\\d.]+)\">([\\d.]+)(%?)</text>")
            .matcher(svg);
    double[] found = null;
    while (text.find()) {
      double y = Double.parseDouble(text.group(2));
      if (Double.parseDouble(text.group(1)) < 40 && y < 260) {
        double value = Double.parseDouble(text.group(3)) / (text.group(4).isEmpty() ? 1 : 100);
        if (found == null || (which == 0 ? value < found[0] : value > found[0])) {
          found = new double[] {value, y - 5.4};
        }
      }
    }
    return found;
  }

  private String svg(String name) {
    Matcher svg = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
    while (svg.find()) {
      if (svg.group().contains("id=\"" + name + "-")) {
        return svg.group();
      }
    }
    throw new AssertionError("no chart " + name);
  }
}
