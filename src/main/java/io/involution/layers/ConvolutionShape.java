package io.involution.layers;

import org.deeplearning4j.exception.DL4JInvalidConfigException;

/**
 * Sizes of one convolution block for one image size. Images are {@code [channels, height, width]},
 * the convolution gives {@code [filters, outHeight, outWidth]}, the block {@code [filters,
 * finalHeight, finalWidth]}.
 */
final class ConvolutionShape {
  final int channels;
  final int height;
  final int width;
  final int filters;
  final int kernelSize;
  final int stride;
  final boolean same;
  final boolean pool;
  final boolean relu;
  final int outHeight;
  final int outWidth;

  /** Zero rows above the image; with SAME padding an odd rest is at the bottom. */
  final int padTop;

  /** Zero columns left of the image; with SAME padding an odd rest is at the right. */
  final int padLeft;

  /** Rows after the pool, which drops a last odd row. */
  final int finalHeight;

  /** Columns after the pool, which drops a last odd column. */
  final int finalWidth;

  ConvolutionShape(ConvolutionBlock conf, int height, int width) {
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

  int imageLength() {
    return channels * height * width;
  }

  int finalLength() {
    return filters * finalHeight * finalWidth;
  }

  /** Weights of one filter. */
  int patchLength() {
    return channels * kernelSize * kernelSize;
  }

  int weightCount() {
    return Math.multiplyExact(filters, patchLength());
  }
}
