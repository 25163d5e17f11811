package io.involution.report.chart;

import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The colors of the charts. An image file contains them directly; in a page each is a variable of
 * the style sheet, which has a light and a dark value for it.
 */
public final class Palette {
  /** Text and axes. */
  static final Color INK = new Color(0x3c4450);

  /** Grid lines. */
  static final Color GRID = new Color(0xdfe3e8);

  /** Alerts, such as lost executors. */
  static final Color ALERT = new Color(0xb42318);

  /** Annotations, such as resumes and the reference run. */
  static final Color NOTE = new Color(0x6b7280);

  private static final Color[] SERIES = {
    new Color(0x1d5fbf),
    new Color(0xb85400),
    new Color(0x19794c),
    new Color(0x0b7285),
    new Color(0xb3265e),
    new Color(0x4a4fd0),
    new Color(0x7a6400),
    new Color(0x7b3fb5)
  };

  private static final Color[] PHASES = {
    new Color(0x2f6fce),
    new Color(0x57a0e5),
    new Color(0x8a63d2),
    new Color(0xe0863a),
    new Color(0x3aa57c),
    new Color(0xc9a227)
  };

  private Palette() {}

  /** The color of each network, in order. */
  static Color series(int index) {
    return SERIES[index % SERIES.length];
  }

  /** The color of a phase of a round. */
  static Color phase(int index) {
    return PHASES[index % PHASES.length];
  }

  /** The style sheet's variable for every color, by the color as {@code rrggbb}. */
  static Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(hex(INK), "--chart-ink");
    variables.put(hex(GRID), "--chart-grid");
    variables.put(hex(ALERT), "--alert");
    variables.put(hex(NOTE), "--note");
    for (int i = 0; i < SERIES.length; i++) {
      variables.put(hex(SERIES[i]), "--series-" + (i + 1));
    }
    for (int i = 0; i < PHASES.length; i++) {
      variables.put(hex(PHASES[i]), "--phase-" + (i + 1));
    }
    return variables;
  }

  /** A color as {@code rrggbb}. */
  static String hex(Color color) {
    return String.format(Locale.ROOT, "%06x", color.getRGB() & 0xffffff);
  }
}
