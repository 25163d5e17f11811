package io.involution.layers.convolution.winograd;

import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * What one thread's scratch memory is made for.
 *
 * @param mostImages images of the largest micro-batch
 * @param mostLines most channels, or filters, of them that the thread takes at a time
 */
record WinogradSizes<A>(
    RealArrays<A> reals, ConvolutionShape shape, WinogradGrid grid, int mostImages, int mostLines) {
  WinogradTransform<A> transform() {
    return new WinogradTransform<>(reals, mostImages * grid.count());
  }
}
