package io.involution.cuda.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cuda.EmulatedCuda;
import io.involution.cuda.driver.CudaDevice;
import java.util.Arrays;
import java.util.Random;

/** An emulated device and arrays on it, for tests of layers. */
public final class DeviceArrays implements AutoCloseable {
  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);

  public CudaDevice device() {
    return device;
  }

  public Random random() {
    return random;
  }

  /** What a failing test says, so that it can be repeated. */
  public String seed() {
    return "seed " + seed;
  }

  /** Numbers of mean 0 and standard deviation 1. */
  public float[] numbers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The address of a copy. */
  public long copy(float... values) {
    long address = device.allocate((long) Float.BYTES * values.length).address();
    device.write(address, values);
    return address;
  }

  /** The address of a copy. */
  public long copy(int... values) {
    long address = device.allocate((long) Integer.BYTES * values.length).address();
    device.write(address, values);
    return address;
  }

  /** The address of so many NaN. */
  public long poison(int count) {
    float[] values = new float[count];
    Arrays.fill(values, Float.NaN);
    return copy(values);
  }

  /** The header of a step of so many examples. */
  public long header(int count) {
    return copy(count, 0, 0, 0);
  }

  /**
   * Reads a result, and asserts that its relative error in the Euclidean norm is about that of
   * float32.
   */
  public void assertNear(String what, long address, double... expected) {
    float[] actual = device.readFloats(address, expected.length);
    double error = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    // A few entries may all be next to nothing; those that they are sums of are about 1.
    assertThat(Math.sqrt(error))
        .as("error of %s, %s", what, seed())
        .isLessThanOrEqualTo(1e-6 * Math.sqrt(norm + expected.length));
  }

  /** Asserts that nothing was written from an address on. */
  public void assertPoisoned(String what, long address, int count) {
    for (float value : device.readFloats(address, count)) {
      assertThat(value).as(what).isNaN();
    }
  }

  @Override
  public void close() {
    device.close();
  }
}
