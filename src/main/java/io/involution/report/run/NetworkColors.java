package io.involution.report.run;

import io.involution.model.network.NetworkKind;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The colors of a run's networks, as places in the palette. This job's networks have the same color
 * in every report; users' networks take what is left, from the end.
 */
public final class NetworkColors {
  /** Colors of the style sheet, for so many networks in a run. */
  static final int COUNT = 8;

  private static final List<String> OURS =
      Arrays.stream(NetworkKind.values()).map(NetworkKind::label).toList();

  private NetworkColors() {}

  /** The color of each network, from 0; beyond {@link #COUNT} networks, colors come again. */
  public static Map<String, Integer> of(Collection<String> networks) {
    Map<String, Integer> colors = new LinkedHashMap<>();
    for (String network : networks) {
      if (OURS.contains(network)) {
        colors.put(network, OURS.indexOf(network) % COUNT);
      }
    }
    int next = 0;
    for (String network : networks) {
      if (!OURS.contains(network)) {
        while (colors.size() < COUNT && colors.containsValue(fromEnd(next))) {
          next++;
        }
        colors.put(network, fromEnd(next));
        next++;
      }
    }
    return colors;
  }

  private static int fromEnd(int place) {
    return COUNT - 1 - place % COUNT;
  }
}
