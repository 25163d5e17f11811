package io.involution.layers.convolution.activation;

/**
 * {@link ActivationLoops} of float32. The JIT of Java 17 makes vector code of a loop only where all
 * of its arrays have the same index and elements of one size, and of no comparison: maxima, and the
 * signs of differences as integers, say the same. Each step of that kind is a loop of its own.
 */
final class FloatActivationLoops implements ActivationLoops<float[]> {
  /** Added to a negative number that is not NaN, as an integer, leaves it negative. */
  private static final int UP_TO_NAN = 0x7fffff;

  private float[] upper = new float[0];
  private float[] lower = new float[0];
  private float[] rows = new float[0];
  private int[] inUpper = new int[0];
  private int[] inLower = new int[0];
  private int[] inRows = new int[0];
  private int[] marks = new int[0];

  private void prepare(int length) {
    if (marks.length < length) {
      upper = new float[length];
      lower = new float[length];
      rows = new float[length];
      inUpper = new int[length];
      inLower = new int[length];
      inRows = new int[length];
      marks = new int[length];
    }
  }

  @Override
  public void activate(float[] values, OutputLine line, byte[] winners) {
    float bias = (float) line.bias();
    float floor = (float) line.floor();
    int end = line.end();
    if (!line.cuts()) {
      for (int i = line.at(); i < end; i++) {
        values[i] += bias;
      }
      return;
    }
    for (int i = line.at(); i < end; i++) {
      values[i] = Math.max(values[i] + bias, floor);
    }
    if (winners != null) {
      prepare(end);
      toBits(values, marks, line);
      markActive(line);
      write(winners, line);
    }
  }

  @Override
  public void pool(Windows<float[]> windows, OutputLine line, byte[] winners) {
    if (winners == null) {
      largest(windows, line);
      return;
    }
    prepare(line.end());
    differences(windows, line);
    largest(windows, line);
    toBits(upper, inUpper, line);
    toBits(lower, inLower, line);
    toBits(rows, inRows, line);
    toBits(windows.upperLeft(), marks, line);
    mark(line);
    write(winners, line);
  }

  private static void largest(Windows<float[]> windows, OutputLine line) {
    float[] a = windows.upperLeft();
    float[] b = windows.upperRight();
    float[] c = windows.lowerLeft();
    float[] d = windows.lowerRight();
    float bias = (float) line.bias();
    float floor = (float) line.floor();
    int end = line.end();
    for (int i = line.at(); i < end; i++) {
      a[i] = Math.max(Winners.largest(a[i], b[i], c[i], d[i]) + bias, floor);
    }
  }

  /** What is below zero where the right product, or the lower row, wins; zero is never -0. */
  private void differences(Windows<float[]> windows, OutputLine line) {
    float[] a = windows.upperLeft();
    float[] b = windows.upperRight();
    float[] c = windows.lowerLeft();
    float[] d = windows.lowerRight();
    float[] inFirst = upper;
    float[] inSecond = lower;
    float[] between = rows;
    int end = line.end();
    for (int i = line.at(); i < end; i++) {
      inFirst[i] = a[i] - b[i] + 0f;
      inSecond[i] = c[i] - d[i] + 0f;
    }
    for (int i = line.at(); i < end; i++) {
      between[i] = Math.max(a[i], b[i]) - Math.max(c[i], d[i]) + 0f;
    }
  }

  /** Makes marks from the bits of the differences and, in {@code marks}, of the outputs. */
  private void mark(OutputLine line) {
    int[] right = inUpper;
    int[] lowerRight = inLower;
    int[] below = inRows;
    int[] outputs = marks;
    int end = line.end();
    int floor = Float.floatToRawIntBits((float) line.floor());
    for (int i = line.at(); i < end; i++) {
      int isBelow = negative(below[i]);
      int column = (negative(right[i]) & ~isBelow) | (negative(lowerRight[i]) & isBelow);
      int place = (column & 1) | (isBelow & 2);
      int active = other(outputs[i] ^ floor);
      outputs[i] = (place & active) | (Winners.INACTIVE & ~active);
    }
  }

  /** Makes marks from the bits of the outputs, without a pool. */
  private void markActive(OutputLine line) {
    int[] outputs = marks;
    int end = line.end();
    int floor = Float.floatToRawIntBits((float) line.floor());
    for (int i = line.at(); i < end; i++) {
      outputs[i] = Winners.INACTIVE & ~other(outputs[i] ^ floor);
    }
  }

  /** All ones where the bits are those of a number below zero. */
  private static int negative(int bits) {
    return (bits + UP_TO_NAN & bits) >> 31;
  }

  /** All ones where any bit is set. */
  private static int other(int bits) {
    return (bits | -bits) >> 31;
  }

  private void write(byte[] winners, OutputLine line) {
    int[] from = marks;
    int toMark = line.toMark();
    int end = line.end();
    for (int i = line.at(); i < end; i++) {
      winners[toMark + i] = (byte) from[i];
    }
  }

  private void read(byte[] winners, OutputLine line) {
    prepare(line.end());
    int[] to = marks;
    int toMark = line.toMark();
    int end = line.end();
    for (int i = line.at(); i < end; i++) {
      to[i] = winners[toMark + i];
    }
  }

  private static void toBits(float[] values, int[] bits, OutputLine line) {
    int end = line.end();
    for (int i = line.at(); i < end; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
  }

  private static void toValues(int[] bits, float[] values, OutputLine line) {
    int end = line.end();
    for (int i = line.at(); i < end; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
  }

  @Override
  public void deactivate(float[] gradients, OutputLine line, byte[] winners) {
    if (!line.cuts()) {
      return;
    }
    read(winners, line);
    int[] kept = inUpper;
    int[] best = marks;
    toBits(gradients, kept, line);
    int end = line.end();
    for (int i = line.at(); i < end; i++) {
      kept[i] &= (best[i] >> 2) - 1;
    }
    toValues(kept, gradients, line);
  }

  @Override
  public double sum(float[] gradients, int at, int count) {
    return Winners.sum(gradients, at, count);
  }

  @Override
  public void unpool(Windows<float[]> windows, OutputLine line, byte[] winners) {
    read(winners, line);
    toBits(windows.upperLeft(), inRows, line);
    choose(0, windows.upperLeft(), line);
    choose(1, windows.upperRight(), line);
    choose(2, windows.lowerLeft(), line);
    choose(3, windows.lowerRight(), line);
  }

  /** Keeps the gradients, whose bits are in {@code inRows}, whose mark is a place. */
  private void choose(int place, float[] into, OutputLine line) {
    int[] gradients = inRows;
    int[] best = marks;
    int[] kept = inUpper;
    int end = line.end();
    for (int i = line.at(); i < end; i++) {
      kept[i] = gradients[i] & ~other(best[i] ^ place);
    }
    toValues(kept, into, line);
  }

  @Override
  public void gather(float[] products, Places places, Windows<float[]> windows, int count) {
    float[] a = windows.upperLeft();
    float[] b = windows.upperRight();
    float[] c = windows.lowerLeft();
    float[] d = windows.lowerRight();
    int[] of = places.of();
    int at = places.at();
    int below = places.below();
    for (int i = 0; i < count; i++) {
      int place = at + of[i];
      a[i] = products[place];
      b[i] = products[place + 1];
      c[i] = products[place + below];
      d[i] = products[place + below + 1];
    }
  }

  @Override
  public void scatter(
      float[] gradients, OutputLine line, byte[] winners, float[] products, Places places) {
    int[] of = places.of();
    int start = places.at();
    int below = places.below();
    int at = line.at();
    int winner = line.winner();
    int count = line.count();
    for (int i = 0; i < count; i++) {
      int best = winners[winner + i];
      float gradient = Winners.keep(gradients[at + i], (best >> 2) - 1);
      gradients[at + i] = gradient;
      products[start + of[i] + (best & 1) + ((best >> 1) & 1) * below] = gradient;
    }
  }
}
