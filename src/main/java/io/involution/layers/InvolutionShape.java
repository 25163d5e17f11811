package io.involution.layers;

/**
 * The sizes of one involution on images of one size. Padding is SAME: H' = ceil(H / stride), and
 * where the total padding is odd the extra row or column is at the bottom or right.
 */
final class InvolutionShape {
  final int channels;
  final int height;
  final int width;
  final int outHeight;
  final int outWidth;
  final int kernelSize;
  final int stride;
  final int taps;
  final int groups;
  final int reduced;
  final boolean relu;
  final boolean pool;
  final boolean inputGradient;
  final int padTop;
  final int padLeft;
  final int averageTop;
  final int averageLeft;
  private final GroupOrder order;

  InvolutionShape(Involution layer, int height, int width) {
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

  int groupOf(int channel) {
    return order.groupOf(channel, channels, groups);
  }

  boolean contiguousGroups() {
    return order == GroupOrder.CONTIGUOUS;
  }

  /** Rows of the layer's output: H', halved by the max-pool. */
  int pooledHeight() {
    return pool ? outHeight / 2 : outHeight;
  }

  /** Columns of the layer's output: W', halved by the max-pool. */
  int pooledWidth() {
    return pool ? outWidth / 2 : outWidth;
  }

  /**
   * Whether float32 is enough and rows can be worked on one by one. As for {@link #rankOne()}, it
   * takes some channels.
   */
  boolean grouped() {
    return stride == 1 && channels > 2;
  }

  /**
   * Whether the generated kernel is one plane times a scalar per tap plus another scalar, and
   * float32 is enough. It is not for one or two channels: the BatchNorm cancels the length of the
   * reduction's weight vector, so hardly a direction is left for its gradient to point to.
   */
  boolean rankOne() {
    return reduced == 1 && groups == 1 && stride == 1 && channels > 2;
  }

  boolean fits(int otherHeight, int otherWidth) {
    return height == otherHeight && width == otherWidth;
  }
}
