package io.involution.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A BatchNorm with one set of settings and sizes.
 *
 * @param activation IDENTITY, RELU or GELU
 * @param shortcut none, before or after
 * @param scaled whether there is a gamma
 * @param sizes images, channels, values of a channel
 */
record NormCase(String activation, String shortcut, boolean scaled, List<Integer> sizes) {
  /** Every setting, with sizes drawn anew in each run. */
  static Stream<NormCase> all(List<List<Integer>> sizes) {
    List<NormCase> cases = new ArrayList<>();
    for (String activation : List.of("IDENTITY", "RELU", "GELU")) {
      for (String shortcut : List.of("none", "before", "after")) {
        for (List<Integer> some : sizes) {
          cases.add(new NormCase(activation, shortcut, cases.size() % 2 == 0, some));
        }
      }
    }
    return cases.stream();
  }

  /** Gamma is 1 where there is none. */
  PlainNorm plain(Random random) {
    PlainNorm plain = new PlainNorm(sizes.get(0), sizes.get(1), sizes.get(2), activation, shortcut);
    plain.beta = BlockCases.values(random, plain.channels);
    plain.gamma = BlockCases.values(random, plain.channels);
    if (!scaled) {
      java.util.Arrays.fill(plain.gamma, 1);
    }
    return plain;
  }

  NormRun run(PlainNorm plain, org.nd4j.linalg.api.buffer.DataType type) {
    NormRun run = new NormRun(plain, scaled, type);
    run.set("beta", plain.beta);
    if (scaled) {
      run.set("gamma", plain.gamma);
    }
    return run;
  }
}
