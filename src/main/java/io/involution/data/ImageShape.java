package io.involution.data;

/** The fixed shape of a CIFAR-10 image: three 32 x 32 planes, red, green, blue, row by row. */
public final class ImageShape {
  /** Color planes of an image. */
  public static final int CHANNELS = 3;

  /** Rows of a plane. */
  public static final int HEIGHT = 32;

  /** Columns of a plane. */
  public static final int WIDTH = 32;

  /** Bytes of an image: channels x height x width = 3,072. */
  public static final int PIXELS = CHANNELS * HEIGHT * WIDTH;

  /** Number of classes; labels run from 0 to 9. */
  public static final int CLASSES = 10;

  private ImageShape() {}
}
