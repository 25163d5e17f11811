package io.involution.layers.involution.deep;

import io.involution.compute.ImageChunk;
import io.involution.layers.involution.InvolutionChunk;
import io.involution.layers.involution.InvolutionShape;
import java.util.ArrayList;
import java.util.List;

/** What {@link DeepInvolution} keeps for one chunk of images between passes: its micro-batches. */
final class DeepChunk extends InvolutionChunk {
  final List<MicroBatch> parts = new ArrayList<>();

  DeepChunk(InvolutionShape shape, MicroBatches layout, ImageChunk chunk) {
    super(chunk, shape.offsets());
    for (int from = chunk.from(); from < chunk.to(); from += layout.images) {
      int to = Math.min(from + layout.images, chunk.to());
      parts.add(new MicroBatch(shape, layout, new ImageChunk(number, from, to)));
    }
  }
}
