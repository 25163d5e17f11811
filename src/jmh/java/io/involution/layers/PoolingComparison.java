package io.involution.layers;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.convolution.activation.ActivationLoops;
import io.involution.layers.convolution.activation.OutputLine;
import io.involution.layers.convolution.activation.PooledPlanes;
import io.involution.layers.convolution.activation.Windows;
import io.involution.layers.convolution.activation.Winners;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * What bias, ReLU and max-pool cost on the CPU, in nanoseconds of one thread's CPU time for each
 * output: a plain loop, which takes one window after the other, and {@link ActivationLoops}, with
 * and without marks for a backward pass, over lines of windows and over planes of products. They
 * take turns, so that a busy machine slows all of them alike. Compiled with the JMH benchmarks:
 * {@code mvn -q -f src/bench/pom.xml process-classes
 * -Dbench.main=io.involution.layers.PoolingComparison "-Dbench.arguments=20 480,15,31"}; the
 * arguments are the number of turns and the lengths of lines and sizes of planes.
 */
public final class PoolingComparison {
  private static final int WARM_UP = 5;
  private static final int OUTPUTS = 2_000_000;
  private static final ActivationLoops<float[]> LOOPS = ActivationLoops.of(FloatArrays.INSTANCE);

  private PoolingComparison() {}

  /** Prints a table; takes the number of turns and the sizes. */
  public static void main(String[] arguments) {
    int turns = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
    String sizes = arguments.length < 2 ? "480,7,15,31,32" : arguments[1];
    Map<String, Supplier<double[]>> steps = new LinkedHashMap<>();
    for (String size : sizes.split(",", -1)) {
      int length = Integer.parseInt(size);
      if (length > 100) {
        addLines(steps, length);
      } else {
        addPlanes(steps, length);
      }
    }
    Turns.take(steps, WARM_UP, turns)
        .forEach((name, each) -> System.out.printf("%-36s %s%n", name, Turns.quartiles(each[0])));
  }

  private static void addLines(Map<String, Supplier<double[]>> steps, int length) {
    float[][] four = new float[4][];
    Arrays.setAll(four, i -> values(length));
    Windows<float[]> windows = new Windows<>(four[0], four[1], four[2], four[3]);
    byte[] marks = new byte[length];
    OutputLine line = new OutputLine(0, length, 0.1, 0, 0);
    String name = "line of " + length;
    steps.put(name + ", plain", each(length, () -> plain(windows, line, marks)));
    steps.put(name, each(length, () -> LOOPS.pool(windows, line, marks)));
    steps.put(name + ", no marks", each(length, () -> LOOPS.pool(windows, line, null)));
    steps.put(name + ", backward", each(length, () -> backward(windows, line, marks)));
  }

  private static void backward(Windows<float[]> windows, OutputLine line, byte[] marks) {
    LOOPS.deactivate(windows.upperLeft(), line, marks);
    LOOPS.unpool(windows, line, marks);
  }

  private static void plain(Windows<float[]> windows, OutputLine line, byte[] marks) {
    float bias = (float) line.bias();
    float floor = (float) line.floor();
    for (int i = 0; i < line.count(); i++) {
      float a = windows.upperLeft()[i];
      float b = windows.upperRight()[i];
      float c = windows.lowerLeft()[i];
      float d = windows.lowerRight()[i];
      float value = Winners.largest(a, b, c, d) + bias;
      windows.upperLeft()[i] = Math.max(value, floor);
      marks[i] = Winners.mark(value, floor, Winners.place(a, b, c, d));
    }
  }

  private static void addPlanes(Map<String, Supplier<double[]>> steps, int size) {
    int half = size / 2;
    int planes = Math.max(1, 512 / (half * half));
    float[] products = values(planes * size * size);
    int outputs = planes * half * half;
    byte[] marks = new byte[outputs];
    PooledPlanes<float[]> pooled =
        new PooledPlanes<>(
            FloatArrays.INSTANCE, new PooledPlanes.Plane(size * size, size, half, half), planes);
    OutputLine line = new OutputLine(0, outputs, 0.1, 0, 0);
    float[] results = new float[outputs];
    String name = planes + " planes of " + size + " x " + size;
    steps.put(name + ", plain", each(outputs, () -> plain(products, size, results, marks)));
    steps.put(name, each(outputs, () -> pooled.pool(products, 0, size, line, marks)));
    steps.put(name + ", no marks", each(outputs, () -> pooled.pool(products, 0, size, line, null)));
    float[] gradients = products.clone();
    steps.put(
        name + ", backward", each(outputs, () -> pooled.unpool(gradients, 0, size, line, marks)));
  }

  private static void plain(float[] products, int size, float[] outputs, byte[] marks) {
    int half = size / 2;
    for (int at = 0; at < outputs.length; at += half) {
      int row = at / half;
      int top = row / half * size * size + row % half * 2 * size;
      for (int x = 0; x < half; x++) {
        marks[at + x] = plain(products, top + 2 * x, size, outputs, at + x);
      }
    }
  }

  private static byte plain(float[] products, int top, int size, float[] outputs, int at) {
    float a = products[top];
    float b = products[top + 1];
    float c = products[top + size];
    float d = products[top + size + 1];
    float value = Winners.largest(a, b, c, d) + 0.1f;
    outputs[at] = Math.max(value, 0f);
    return Winners.mark(value, 0f, Winners.place(a, b, c, d));
  }

  private static float[] values(int length) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Nanoseconds that some work on a number of outputs takes for each of them. */
  private static Supplier<double[]> each(int outputs, Runnable work) {
    int times = Math.max(1, OUTPUTS / outputs);
    return () -> new double[] {Turns.nanoseconds(() -> repeat(work, times)) / times / outputs};
  }

  private static void repeat(Runnable work, int times) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }
}
