package io.involution.layers.convolution;

import io.involution.layers.ConvolutionBlock;
import org.deeplearning4j.exception.DL4JInvalidConfigException;

/**
 * Sizes of one convolution block for one image size. Images are {@code [channels, height, width]},
 * the convolution gives {@code [filters, outHeight, outWidth]}, the block {@code [filters,
 * finalHeight, finalWidth]}.
 */
public final class ConvolutionShape {
  public final int channels;
  public final int height;
  public final int width;
  public final int filters;
  public final int kernelSize;
  public final int stride;
  final boolean same;
  public final boolean pool;
  public final boolean relu;
  public final int outHeight;
  public final int outWidth;

  /** Zero rows above the image; with SAME padding an odd rest is at the bottom. */
  public final int padTop;

  /** Zero columns left of the image; with SAME padding an odd rest is at the right. */
  public final int padLeft;

  /** Rows after the pool, which drops a last odd row. */
  public final int finalHeight;

  /** Columns after the pool, which drops a last odd column. */
  public final int finalWidth;

  public ConvolutionShape(ConvolutionBlock conf, int height, int width) {
    this.height = height;
    this.width = width;
    channels = Math.toIntExact(conf.getNIn());
    filters = Math.toIntExact(conf.getNOut());
    kernelSize = conf.getKernelSize();
    stride = conf.getStride();
    pool = conf.isPool();
    relu = conf.isRelu();
    outHeight = outSize(height, conf);
    outWidth = outSize(width, conf);
    same = conf.isSame();
    padTop = same ? Math.max(0, missing(outHeight, height)) / 2 : 0;
    padLeft = same ? Math.max(0, missing(outWidth, width)) / 2 : 0;
    finalHeight = pool ? outHeight / 2 : outHeight;
    finalWidth = pool ? outWidth / 2 : outWidth;
    if (finalHeight < 1 || finalWidth < 1) {
      throw new DL4JInvalidConfigException(
          "layer "
              + conf.getLayerName()
              + ": images of "
              + height
              + "x"
              + width
              + " are too small");
    }
  }

  private static int outSize(int size, ConvolutionBlock conf) {
    int stride = conf.getStride();
    return conf.isSame()
        ? (size + stride - 1) / stride
        : (size < conf.getKernelSize() ? 0 : (size - conf.getKernelSize()) / stride + 1);
  }

  /** Rows of the image that the products look at beyond those it has; may be negative. */
  int missingHeight() {
    return missing(outHeight, height);
  }

  /** Columns of the image that the products look at beyond those it has; may be negative. */
  int missingWidth() {
    return missing(outWidth, width);
  }

  private int missing(int outSize, int size) {
    return (outSize - 1) * stride + kernelSize - size;
  }

  public int imageLength() {
    return channels * height * width;
  }

  public int finalLength() {
    return filters * finalHeight * finalWidth;
  }

  /** Weights of one filter. */
  public int patchLength() {
    return channels * kernelSize * kernelSize;
  }

  public int weightCount() {
    return Math.multiplyExact(filters, patchLength());
  }
}
