package io.involution.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogAxisTest {
  @ParameterizedTest
  @CsvSource({
    "4, 5.1, 10k 20k 50k 100k",
    "5.2, 6.4, 200k 500k 1M 2M",
    "3.9, 8.1, 10k 100k 1M 10M 100M",
    "-0.1, 0.4, 1 2",
    "8.9, 9.4, 1G 2G"
  })
  void ticksAreAtRoundNumbers(double from, double to, String expected) {
    var graphics = new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB).createGraphics();
    List<NumberTick> ticks =
        new LogAxis("parameters", from, to)
            .refreshTicksHorizontal(
                graphics, new Rectangle2D.Double(0, 0, 300, 200), RectangleEdge.BOTTOM);

    assertThat(String.join(" ", ticks.stream().map(NumberTick::getText).toList()))
        .isEqualTo(expected);
    assertThat(ticks).allMatch(tick -> tick.getValue() >= from && tick.getValue() <= to);
  }

  @Test
  void labelsKeepTheirDistance() {
    assertThat(Apart.of(List.of(0.5, 0.9, 0.51, 0.1), 0.05, 1))
        .containsExactly(0.5, 0.9, 0.55, 0.1);
    assertThat(Apart.of(List.of(0.98, 0.97, 0.96), 0.05, 1))
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(1, 0.95, 0.9);
    assertThat(Apart.of(List.of(), 0.05, 1)).isEmpty();
  }
}
