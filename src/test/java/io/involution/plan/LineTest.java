package io.involution.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.plan.Line.Point;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines through measurements. */
class LineTest {
  private static List<Point> on(double fixed, double each, double... sizes) {
    List<Point> points = new ArrayList<>();
    for (double size : sizes) {
      points.add(new Point(size, fixed + each * size));
    }
    return points;
  }

  @Test
  void findsTheLineThatPointsAreOn() {
    Line line = Line.through(on(3, 0.5, 1, 2, 2, 7));

    assertThat(line.fixed()).isCloseTo(3, within(1e-12));
    assertThat(line.each()).isCloseTo(0.5, within(1e-12));
    assertThat(line.at(10)).isCloseTo(8, within(1e-12));
  }

  @Test
  void aBadMeasurementDoesNotMoveIt() {
    List<Point> points = on(3, 0.5, 1, 2, 3, 4, 5, 6);
    points.add(new Point(5, 1000));

    assertThat(Line.through(points).at(6)).isCloseTo(6, within(0.1));
  }

  @Test
  void negativeCostsAreNone() {
    assertThat(Line.through(on(3, -1, 1, 2, 3))).isEqualTo(new Line(1, 0));
    assertThat(Line.through(on(-1, 2, 1, 2, 3))).isEqualTo(new Line(0, 2));
  }

  @Test
  void takesTheFixedPartFromOtherMeasurements() {
    Line line = Line.through(on(3, 0.5, 1, 2)).fixedBy(on(9, 0.5, 4, 8));

    assertThat(line.fixed()).isCloseTo(9, within(1e-12));
    assertThat(line.each()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void oneSizeIsNoLine() {
    assertThatThrownBy(() -> Line.through(on(1, 1, 5, 5)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void medianIsTheMiddle() {
    assertThat(Timing.of(List.of(3.0, 1.0, 8.0))).isEqualTo(new Timing(3, 1, 8));
    assertThat(Timing.of(List.of(4.0, 1.0, 2.0, 8.0))).isEqualTo(new Timing(3, 1, 8));
    assertThatThrownBy(() -> Timing.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
