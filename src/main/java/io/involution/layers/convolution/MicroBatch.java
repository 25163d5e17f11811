package io.involution.layers.convolution;

import io.involution.compute.ImageChunk;
import java.util.ArrayList;
import java.util.List;

/**
 * Images of a chunk that share matrix products.
 *
 * @param chunk the chunk
 * @param first the first image
 * @param images number of images
 */
public record MicroBatch(ImageChunk chunk, int first, int images) {
  /** The micro-batches of a chunk, of about the same size. */
  public static List<MicroBatch> of(ImageChunk chunk, int mostImages) {
    int count = (chunk.images() + mostImages - 1) / mostImages;
    int size = (chunk.images() + count - 1) / count;
    List<MicroBatch> batches = new ArrayList<>(count);
    for (int first = chunk.from(); first < chunk.to(); first += size) {
      batches.add(new MicroBatch(chunk, first, Math.min(size, chunk.to() - first)));
    }
    return batches;
  }

  /** Whether it is the first micro-batch of its chunk. */
  public boolean isFirst() {
    return first == chunk.from();
  }
}
