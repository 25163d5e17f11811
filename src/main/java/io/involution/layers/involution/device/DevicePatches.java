package io.involution.layers.involution.device;

import io.involution.layers.involution.InvolutionShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Cuts images [C, N, H, W] into the strided views that an involution's taps read, and assigns their
 * channels to groups, for {@link DeviceInvolution}.
 */
final class DevicePatches {
  private final InvolutionShape shape;
  private final int top;
  private final int left;
  private final int paddedHeight;
  private final int paddedWidth;
  private INDArray inverseCounts;

  DevicePatches(InvolutionShape shape) {
    this.shape = shape;
    top = Math.max(shape.padTop, shape.averageTop);
    left = Math.max(shape.padLeft, shape.averageLeft);
    int window = Math.max(shape.kernelSize, shape.stride);
    paddedHeight = top + Math.max(shape.height, shape.outHeight * shape.stride + window);
    paddedWidth = left + Math.max(shape.width, shape.outWidth * shape.stride + window);
  }

  /** Images [N, C, H, W] as [C, N, padded H, padded W], zero all around. */
  INDArray pad(INDArray input) {
    INDArray padded =
        Nd4j.create(input.dataType(), shape.channels, input.size(0), paddedHeight, paddedWidth);
    unpad(padded).assign(input.permute(1, 0, 2, 3));
    return padded;
  }

  /** The view of the images inside the padding. */
  INDArray unpad(INDArray padded) {
    return view(padded, top, left, shape.height, shape.width, 1);
  }

  /** The view that a tap of the kernel reads, [C, N, H', W']. */
  INDArray tap(INDArray padded, int tap) {
    int y = top - shape.padTop + tap / shape.kernelSize;
    int x = left - shape.padLeft + tap % shape.kernelSize;
    return view(padded, y, x, shape.outHeight, shape.outWidth, shape.stride);
  }

  private INDArray averageTap(INDArray padded, int tap) {
    int y = top - shape.averageTop + tap / shape.stride;
    int x = left - shape.averageLeft + tap % shape.stride;
    return view(padded, y, x, shape.outHeight, shape.outWidth, shape.stride);
  }

  private static INDArray view(INDArray of, int y, int x, int rows, int columns, int stride) {
    INDArrayIndex down = NDArrayIndex.interval(y, stride, y + rows * stride);
    INDArrayIndex along = NDArrayIndex.interval(x, stride, x + columns * stride);
    return of.get(NDArrayIndex.all(), NDArrayIndex.all(), down, along);
  }

  /** The kernel input: averages over s x s pixels, excluding padding, as a dense array. */
  INDArray average(INDArray padded) {
    INDArray sum = averageTap(padded, 0).dup('c');
    for (int tap = 1; tap < shape.stride * shape.stride; tap++) {
      sum.addi(averageTap(padded, tap));
    }
    return shape.stride == 1 ? sum : sum.muli(inverseCounts(padded));
  }

  private INDArray inverseCounts(INDArray padded) {
    if (inverseCounts == null || inverseCounts.size(1) != padded.size(1)) {
      INDArray ones = Nd4j.create(padded.dataType(), padded.shape());
      unpad(ones).assign(1);
      INDArray counts = Nd4j.create(padded.dataType(), averageTap(padded, 0).shape());
      for (int tap = 0; tap < shape.stride * shape.stride; tap++) {
        counts.addi(averageTap(ones, tap));
      }
      inverseCounts = counts.rdivi(1);
    }
    return inverseCounts;
  }

  /** Adds the kernel input's gradient [C, P] to the gradient of the padded images. */
  void spreadAverage(INDArray padded, INDArray source) {
    INDArray first = averageTap(padded, 0);
    INDArray gradient = source.reshape('c', first.shape());
    if (shape.stride > 1) {
      gradient = gradient.mul(inverseCounts(padded));
    }
    for (int tap = 0; tap < shape.stride * shape.stride; tap++) {
      averageTap(padded, tap).addi(gradient);
    }
  }

  /** [C, N, H', W'] with the channels as two axes: the group and the index within it. */
  INDArray grouped(INDArray images) {
    long inGroup = shape.channels / shape.groups;
    long rows = shape.contiguousGroups() ? shape.groups : inGroup;
    long columns = shape.contiguousGroups() ? inGroup : shape.groups;
    return images
        .dup('c')
        .reshape('c', rows, columns, images.size(1), shape.outHeight, shape.outWidth);
  }

  INDArray ungrouped(INDArray grouped) {
    return grouped.reshape('c', shape.channels, grouped.size(2), shape.outHeight, shape.outWidth);
  }

  /** One tap's kernels, repeated for the channels of each group, shaped as grouped images. */
  INDArray kernel(INDArray kernels, int tap, INDArray like) {
    return rows(kernels, tap).reshape('c', groupAxes(like.size(2))).broadcast(like.shape());
  }

  private long[] groupAxes(long images) {
    return shape.contiguousGroups()
        ? new long[] {shape.groups, 1, images, shape.outHeight, shape.outWidth}
        : new long[] {1, shape.groups, images, shape.outHeight, shape.outWidth};
  }

  private INDArray rows(INDArray kernels, int tap) {
    INDArrayIndex rows = NDArrayIndex.interval(tap * shape.groups, (tap + 1) * shape.groups);
    return kernels.get(rows, NDArrayIndex.all());
  }

  /** Sums grouped products over the channels of each group into one tap's rows. */
  void putKernelGradient(INDArray gradients, int tap, INDArray products) {
    INDArray rows = rows(gradients, tap);
    INDArray sum = products.sum(shape.contiguousGroups() ? 1 : 0);
    rows.assign(sum.reshape('c', rows.shape()));
  }
}
