package io.involution.cuda.layer;

/**
 * What flows between two layers, on the device: float32, {@code
 * [capacity][channels][height][width]} without gaps.
 *
 * @param values address of the values
 * @param gradient address of the loss's gradient by the values, of the same shape; 0 where nobody
 *     wants it
 */
public record Activations(long values, long gradient, int channels, int height, int width) {
  /** Checks the shape. */
  public Activations {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "activations of " + channels + " x " + height + " x " + width);
    }
  }

  /** Values of one example. */
  public int size() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }
}
