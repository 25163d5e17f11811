package io.involution.layers.involution;

import io.involution.layers.Involution;

/**
 * The sizes of one involution on images of one size. Padding is SAME: H' = ceil(H / stride), and
 * where the total padding is odd the extra row or column is at the bottom or right.
 */
public final class InvolutionShape {
  public final int channels;
  public final int height;
  public final int width;
  public final int outHeight;
  public final int outWidth;
  public final int kernelSize;
  public final int stride;
  public final int taps;
  public final int groups;
  public final int reduced;
  public final boolean relu;
  public final boolean pool;
  public final boolean inputGradient;
  public final int padTop;
  public final int padLeft;
  public final int averageTop;
  public final int averageLeft;
  private final GroupOrder order;

  public InvolutionShape(Involution layer, int height, int width) {
    channels = (int) layer.getNIn();
    this.height = height;
    this.width = width;
    kernelSize = layer.getKernelSize();
    stride = layer.getStride();
    taps = kernelSize * kernelSize;
    groups = layer.getGroups();
    reduced = layer.reducedChannels();
    order = layer.getGroupOrder();
    relu = layer.isRelu();
    pool = layer.isPool();
    inputGradient = layer.isInputGradient();
    outHeight = (height + stride - 1) / stride;
    outWidth = (width + stride - 1) / stride;
    padTop = before(height, outHeight, kernelSize);
    padLeft = before(width, outWidth, kernelSize);
    averageTop = before(height, outHeight, stride);
    averageLeft = before(width, outWidth, stride);
  }

  private int before(int size, int outSize, int window) {
    return Math.max(0, (outSize - 1) * stride + window - size) / 2;
  }

  public int groupOf(int channel) {
    return order.groupOf(channel, channels, groups);
  }

  public boolean contiguousGroups() {
    return order == GroupOrder.CONTIGUOUS;
  }

  /** Rows of the layer's output: H', halved by the max-pool. */
  public int pooledHeight() {
    return pool ? outHeight / 2 : outHeight;
  }

  /** Columns of the layer's output: W', halved by the max-pool. */
  public int pooledWidth() {
    return pool ? outWidth / 2 : outWidth;
  }

  /**
   * Whether float32 is enough and rows can be worked on one by one. As for {@link #rankOne()}, it
   * takes some channels.
   */
  public boolean grouped() {
    return stride == 1 && channels > 2;
  }

  /**
   * Whether the generated kernel is one plane times a scalar per tap plus another scalar, and
   * float32 is enough. It is not for one or two channels: the BatchNorm cancels the length of the
   * reduction's weight vector, so hardly a direction is left for its gradient to point to.
   */
  public boolean rankOne() {
    return reduced == 1 && groups == 1 && stride == 1 && channels > 2;
  }

  public boolean fits(int otherHeight, int otherWidth) {
    return height == otherHeight && width == otherWidth;
  }
}
