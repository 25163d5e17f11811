package io.involution.layers.convolution;

/**
 * The sizes of one convolution block for one image size. Images are {@code [channels, height,
 * width]}, the convolution's output is {@code [filters, outHeight, outWidth]}, and the block's
 * output is {@code [filters, finalHeight, finalWidth]}.
 */
public final class ConvolutionShape {
  // The input, the filters, the options of the block, and the size of the convolution's output.
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

  /** Zero rows above the image; with SAME padding an odd extra row is at the bottom. */
  public final int padTop;

  /** Zero columns left of the image; with SAME padding an odd extra column is at the right. */
  public final int padLeft;

  /** Rows after pooling, which drops an odd last row. */
  public final int finalHeight;

  /** Columns after pooling, which drops an odd last column. */
  public final int finalWidth;

  /**
   * Computes the sizes; the final ones may be 0 for a small image.
   *
   * @param filters the filters of the convolution
   * @param relu whether a ReLU follows
   * @param pool whether a 2x2 max-pool of stride 2 follows
   * @param height rows of an image
   * @param width columns of an image
   */
  public ConvolutionShape(Filters filters, boolean relu, boolean pool, long height, long width) {
    this.height = Math.toIntExact(height);
    this.width = Math.toIntExact(width);
    channels = Math.toIntExact(filters.channels);
    this.filters = Math.toIntExact(filters.count);
    kernelSize = filters.size;
    stride = filters.stride;
    same = filters.same;
    this.pool = pool;
    this.relu = relu;
    outHeight = outSize(this.height);
    outWidth = outSize(this.width);
    padTop = same ? Math.max(0, missing(outHeight, this.height)) / 2 : 0;
    padLeft = same ? Math.max(0, missing(outWidth, this.width)) / 2 : 0;
    finalHeight = pool ? outHeight / 2 : outHeight;
    finalWidth = pool ? outWidth / 2 : outWidth;
  }

  private int outSize(int size) {
    if (same) {
      return (size + stride - 1) / stride;
    }
    return size < kernelSize ? 0 : (size - kernelSize) / stride + 1;
  }

  /**
   * The filters of a convolution.
   *
   * @param channels number of channels of an image
   * @param count number of filters
   * @param size rows and columns of a filter
   * @param stride rows and columns from one output to the next
   * @param same whether images are padded with zeros (SAME) or filters stay inside them (VALID)
   */
  public record Filters(long channels, long count, int size, int stride, boolean same) {}

  /** Rows that the products read beyond the image; may be negative. */
  int missingHeight() {
    return missing(outHeight, height);
  }

  /** Columns that the products read beyond the image; may be negative. */
  int missingWidth() {
    return missing(outWidth, width);
  }

  private int missing(int outSize, int size) {
    return (outSize - 1) * stride + kernelSize - size;
  }

  /** Whether these are the sizes for images of this height and width. */
  public boolean fits(long imageHeight, long imageWidth) {
    return height == imageHeight && width == imageWidth;
  }

  /** The least output: 0 for a ReLU, minus infinity without one. */
  public double floor() {
    return relu ? 0 : Double.NEGATIVE_INFINITY;
  }

  /** Number of elements of an image. */
  public int imageLength() {
    return channels * height * width;
  }

  /** Number of elements of an image's outputs. */
  public int finalLength() {
    return filters * finalHeight * finalWidth;
  }

  /** Number of weights of one filter. */
  public int patchLength() {
    return channels * kernelSize * kernelSize;
  }

  /** Number of weights of all filters. */
  public int weightCount() {
    return Math.multiplyExact(filters, patchLength());
  }
}
