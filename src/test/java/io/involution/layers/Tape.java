package io.involution.layers;

import java.util.Arrays;

/** Scalars in float64 that remember how they were made, so that gradients follow by themselves. */
final class Tape {
  private double[] values = new double[1 << 16];
  private int[] left = new int[1 << 16];
  private int[] right = new int[1 << 16];
  private double[] leftSlope = new double[1 << 16];
  private double[] rightSlope = new double[1 << 16];
  private int length;

  /** A scalar that depends on nothing. */
  int leaf(double value) {
    return node(value, 0, 0, 0, 0);
  }

  private int node(double value, int a, double slopeA, int b, double slopeB) {
    if (length == values.length) {
      values = Arrays.copyOf(values, 2 * length);
      left = Arrays.copyOf(left, 2 * length);
      right = Arrays.copyOf(right, 2 * length);
      leftSlope = Arrays.copyOf(leftSlope, 2 * length);
      rightSlope = Arrays.copyOf(rightSlope, 2 * length);
    }
    values[length] = value;
    left[length] = a;
    right[length] = b;
    leftSlope[length] = slopeA;
    rightSlope[length] = slopeB;
    return length++;
  }

  double value(int node) {
    return values[node];
  }

  int add(int a, int b) {
    return node(values[a] + values[b], a, 1, b, 1);
  }

  int multiply(int a, int b) {
    return node(values[a] * values[b], a, values[b], b, values[a]);
  }

  int scale(int a, double factor) {
    return node(values[a] * factor, a, factor, a, 0);
  }

  int subtract(int a, int b) {
    return node(values[a] - values[b], a, 1, b, -1);
  }

  /** 1 / sqrt(a + epsilon). */
  int inverseRoot(int a, double epsilon) {
    double root = 1 / Math.sqrt(values[a] + epsilon);
    return node(root, a, -0.5 * root / (values[a] + epsilon), a, 0);
  }

  int relu(int a) {
    return node(Math.max(0, values[a]), a, values[a] > 0 ? 1 : 0, a, 0);
  }

  /** The larger of two, the first where they tie. */
  int max(int a, int b) {
    return values[b] > values[a] ? node(values[b], b, 1, b, 0) : node(values[a], a, 1, a, 0);
  }

  /** Gradients of one node by every node. */
  double[] gradients(int loss) {
    double[] gradients = new double[length];
    gradients[loss] = 1;
    for (int node = loss; node >= 0; node--) {
      double gradient = gradients[node];
      if (gradient != 0) {
        gradients[left[node]] += gradient * leftSlope[node];
        gradients[right[node]] += gradient * rightSlope[node];
      }
    }
    return gradients;
  }
}
