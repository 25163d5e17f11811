package io.involution.layers.involution;

/**
 * The sizes of one involution for one image size. Padding is SAME: H' = ceil(H / stride), and if
 * the total padding is odd, the extra row or column is at the bottom or right.
 */
public final class InvolutionShape {
  // Input [channels, height, width]; output before pooling [channels, outHeight, outWidth].
  public final int channels;
  public final int height;
  public final int width;
  public final int outHeight;
  public final int outWidth;

  // Kernels: taps = kernelSize^2; reduced is the number of channels between the 1x1 convolutions.
  public final int kernelSize;
  public final int stride;
  public final int taps;
  public final int groups;
  public final int reduced;

  // What else the layer computes in the same pass.
  public final boolean relu;
  public final boolean pool;
  public final boolean inputGradient;

  // Padding above and to the left: for the kernels' taps, and for the average over stride^2 pixels.
  public final int padTop;
  public final int padLeft;
  public final int averageTop;
  public final int averageLeft;
  private final GroupOrder order;

  /**
   * Computes the sizes.
   *
   * @param generator the generator of the kernels
   * @param stride rows and columns from one output to the next
   * @param pass what else the layer computes in the same pass
   * @param height rows of an image
   * @param width columns of an image
   */
  public InvolutionShape(Generator generator, int stride, Pass pass, long height, long width) {
    this.height = Math.toIntExact(height);
    this.width = Math.toIntExact(width);
    this.stride = stride;
    channels = generator.channels;
    kernelSize = generator.kernelSize;
    taps = kernelSize * kernelSize;
    groups = generator.groups;
    reduced = generator.reduced;
    order = generator.order;
    relu = pass.relu;
    pool = pass.pool;
    inputGradient = pass.inputGradient;
    outHeight = (this.height + stride - 1) / stride;
    outWidth = (this.width + stride - 1) / stride;
    padTop = before(this.height, outHeight, kernelSize);
    padLeft = before(this.width, outWidth, kernelSize);
    averageTop = before(this.height, outHeight, stride);
    averageLeft = before(this.width, outWidth, stride);
  }

  private int before(int size, int outSize, int window) {
    return Math.max(0, (outSize - 1) * stride + window - size) / 2;
  }

  /** The group of a channel. */
  public int groupOf(int channel) {
    return order.groupOf(channel, channels, groups);
  }

  /** Whether the channels of a group are adjacent. */
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
   * Whether float32 is precise enough and rows can be processed one by one. As with {@link
   * #rankOne()}, this requires more than two channels.
   */
  public boolean grouped() {
    return stride == 1 && channels > 2;
  }

  /**
   * Whether it is as deep networks have it: what {@link #grouped()} requires, and groups of
   * adjacent channels as in the paper's code.
   */
  public boolean deep() {
    return grouped() && contiguousGroups();
  }

  /**
   * Whether the generated kernel is one plane times a scalar per tap plus another scalar, and
   * float32 is precise enough. It is not for one or two channels: the BatchNorm cancels the length
   * of the reduction's weight vector, so its gradient has almost no direction left.
   */
  public boolean rankOne() {
    return reduced == 1 && groups == 1 && stride == 1 && channels > 2;
  }

  /** Whether these are the sizes for images of this height and width. */
  public boolean fits(long imageHeight, long imageWidth) {
    return height == imageHeight && width == imageWidth;
  }

  /** The offsets of the layer's parameters. */
  public ParameterOffsets offsets() {
    return new ParameterOffsets(channels, reduced, Math.multiplyExact(taps, groups));
  }

  /**
   * The generator of the kernels.
   *
   * @param channels number of channels of an image
   * @param reduced number of channels between the two 1x1 convolutions
   * @param kernelSize rows and columns of a kernel
   * @param groups number of groups, whose channels share their kernels
   * @param order how channels are assigned to groups
   */
  public record Generator(
      int channels, int reduced, int kernelSize, int groups, GroupOrder order) {}

  /**
   * What else a layer computes in the same pass.
   *
   * @param relu whether a ReLU follows
   * @param pool whether a 2x2 max-pool of stride 2 follows
   * @param inputGradient whether the backward pass computes the gradient of the input
   */
  public record Pass(boolean relu, boolean pool, boolean inputGradient) {}
}
