package io.involution.bench.contender;

import java.util.List;

/**
 * One array of a network written for PyTorch.
 *
 * @param shape filters as outputs, inputs, rows, columns
 * @param start what it holds at first
 */
record TorchParameter(List<Integer> shape, Start start) {
  private static final int TAPS = 9;

  /** What an array holds at first. */
  enum Start {
    GLOROT,
    ZERO,
    ONE,
    /** Ones and zeros: output {@code channel * 9 + tap} is that tap of that channel. Constant. */
    PATCHES
  }

  static TorchParameter filter(int outputs, int inputs, int size) {
    return new TorchParameter(List.of(outputs, inputs, size, size), Start.GLOROT);
  }

  static TorchParameter matrix(int outputs, int inputs) {
    return new TorchParameter(List.of(outputs, inputs), Start.GLOROT);
  }

  static TorchParameter zeros(int length) {
    return new TorchParameter(List.of(length), Start.ZERO);
  }

  static TorchParameter ones(int length) {
    return new TorchParameter(List.of(length), Start.ONE);
  }

  /** The filter that fetches patches of three channels, in one group or in three. */
  static TorchParameter patches(int groups) {
    return new TorchParameter(List.of(3 * TAPS, 3 / groups, 3, 3), Start.PATCHES);
  }

  /** How many numbers it has. */
  int length() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** The numbers at first, row by row. */
  float[] draw(InitialWeights weights) {
    return switch (start) {
      case ZERO -> InitialWeights.filled(length(), 0);
      case ONE -> InitialWeights.filled(length(), 1);
      case PATCHES -> patchFilter();
      case GLOROT -> {
        int window = shape.size() == 4 ? shape.get(2) * shape.get(3) : 1;
        yield weights.glorot(length(), shape.get(1) * window, shape.get(0) * window);
      }
    };
  }

  private float[] patchFilter() {
    int inputs = shape.get(1);
    float[] filter = new float[length()];
    for (int output = 0; output < 3 * TAPS; output++) {
      int input = inputs == 1 ? 0 : output / TAPS;
      filter[(output * inputs + input) * TAPS + output % TAPS] = 1;
    }
    return filter;
  }
}
