package io.involution.data.synthetic;

import io.involution.data.ImageShape;

/**
 * Draws one synthetic image: a figure of random position, size, tilt, color and contrast over a
 * shaded background, with noise. Only exactly rounded arithmetic is used, so the bytes are the same
 * on every machine.
 */
final class SyntheticPicture {
  private static final int CHANNELS = ImageShape.CIFAR10.channels();
  private static final int HEIGHT = ImageShape.CIFAR10.height();
  private static final int WIDTH = ImageShape.CIFAR10.width();
  private static final int PLANE = ImageShape.CIFAR10.plane();

  /** Largest noise added to a pixel, in gray levels. */
  private static final float NOISE = 40f;

  private static final float LEAST_CONTRAST = 35f;
  private static final float MOST_CONTRAST = 80f;
  private static final float LEAST_RADIUS = 8f;
  private static final float MOST_RADIUS = 13f;
  private static final float MIDDLE = 15.5f;
  private static final float MOST_SHIFT = 4f;
  private static final float MOST_TILT = 0.15f;
  private static final float MOST_SLOPE = 2f;

  private final RepeatableRandom random;
  private final float[] background = new float[CHANNELS];
  private final float[] contrast = new float[CHANNELS];
  private final float[] slopeDown = new float[CHANNELS];
  private final float[] slopeAcross = new float[CHANNELS];

  SyntheticPicture(RepeatableRandom random) {
    this.random = random;
  }

  /** Draws a figure into {@code pixels}, 3,072 bytes in CHW order from {@code offset} on. */
  void draw(SyntheticFigure figure, byte[] pixels, int offset) {
    chooseColors();
    float radius = random.between(LEAST_RADIUS, MOST_RADIUS);
    float middleRow = MIDDLE + random.between(-MOST_SHIFT, MOST_SHIFT);
    float middleColumn = MIDDLE + random.between(-MOST_SHIFT, MOST_SHIFT);
    float tilt = random.between(-MOST_TILT, MOST_TILT);
    // StrictMath, since Math.cos may differ in the last bit between processors.
    float cosine = (float) StrictMath.cos(tilt);
    float sine = (float) StrictMath.sin(tilt);
    for (int row = 0; row < HEIGHT; row++) {
      for (int column = 0; column < WIDTH; column++) {
        float right = (column - middleColumn) / radius;
        float down = (row - middleRow) / radius;
        float outside =
            figure.outside(cosine * right + sine * down, cosine * down - sine * right) * radius;
        float cover = Math.min(1f, Math.max(0f, 0.5f - outside));
        color(pixels, offset, row, column, cover);
      }
    }
  }

  private void chooseColors() {
    // Lighter or darker than the background at random: brightness is independent of the class.
    int sign = random.sign();
    for (int channel = 0; channel < CHANNELS; channel++) {
      background[channel] = random.between(70, 185);
      contrast[channel] = sign * random.between(LEAST_CONTRAST, MOST_CONTRAST);
      slopeDown[channel] = random.between(-MOST_SLOPE, MOST_SLOPE);
      slopeAcross[channel] = random.between(-MOST_SLOPE, MOST_SLOPE);
    }
  }

  private void color(byte[] pixels, int offset, int row, int column, float cover) {
    long bits = random.bits();
    for (int channel = 0; channel < CHANNELS; channel++) {
      // The sum of two uniform numbers: a triangular distribution, which is cheap and close to a
      // normal one.
      int first = (int) (bits >>> (channel * 20)) & 0x3FF;
      int second = (int) (bits >>> (channel * 20 + 10)) & 0x3FF;
      float noise = (first + second - 1023) * (NOISE / 1023);
      float value =
          background[channel]
              + slopeDown[channel] * (row - MIDDLE)
              + slopeAcross[channel] * (column - MIDDLE)
              + cover * contrast[channel]
              + noise;
      pixels[offset + channel * PLANE + row * WIDTH + column] =
          (byte) Math.min(255, Math.max(0, (int) (value + 0.5f)));
    }
  }
}
