package io.involution.spark.classify;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.evaluate.Evaluator;
import io.involution.failure.InputException;
import io.involution.model.Minibatch;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A task's network, and the images that wait for it. */
final class ForwardPass implements AutoCloseable {
  /** Pixels of a minibatch at most: 256 images of CIFAR-10's size. */
  private static final int PIXELS = 256 * 1024;

  /** Rows that wait at most, most of which cannot be read then. */
  private static final int MOST_ROWS = 4 * NativeMemory.EVALUATED;

  /** A row that waits; the image is at its place in the minibatch, or there is an error. */
  private record Waiting(String key, String error) {}

  private final ImageShape image;
  private final boolean explain;
  private final ComputationGraph graph;
  private final Minibatch minibatch;
  private final int batch;
  private final List<Waiting> waiting = new ArrayList<>();
  private int images;

  /**
   * Builds the network.
   *
   * @param parameters the network's
   * @param explain whether the statistics of heat maps are asked for
   */
  ForwardPass(NetworkBlueprint blueprint, DataSchema schema, float[] parameters, boolean explain) {
    image = schema.image();
    this.explain = explain;
    graph = blueprint.build();
    minibatch = new Minibatch(blueprint.normalization());
    batch = batch(blueprint, image);
    minibatch.reserve(image, batch);
    ModelState untrained = GraphState.capture(graph);
    GraphState.restore(graph, untrained.with(ModelState.PARAMETERS, parameters));
  }

  /**
   * Images of a minibatch: the memory outside the heap does not grow with their size, and layers
   * can read their arrays.
   */
  static int batch(NetworkBlueprint blueprint, ImageShape image) {
    return Math.max(1, Math.min(NativeMemory.evaluated(blueprint, image), PIXELS / image.plane()));
  }

  /** Whether a raw image needs no more than its bytes in another order. */
  boolean takes(long height, long width, byte[] bytes) {
    return height == image.height() && width == image.width() && bytes.length == image.pixels();
  }

  /** Adds an image of planes. */
  void add(String key, byte[] planes) {
    minibatch.add(image, planes, images);
    added(key);
  }

  /** Adds a raw image, which has a byte for each channel of each pixel. */
  void addInterleaved(String key, byte[] bytes) {
    minibatch.addInterleaved(image, bytes, images);
    added(key);
  }

  private void added(String key) {
    images++;
    waiting.add(new Waiting(key, null));
  }

  /** Adds an image that cannot be read, and why. */
  void addUnreadable(String key, String error) {
    waiting.add(new Waiting(key, error));
  }

  /** Whether nothing more may be added; images that cannot be read are no part of a minibatch. */
  boolean isFull() {
    return images == batch || waiting.size() == MOST_ROWS;
  }

  /**
   * Computes the classes of what waits, and writes them.
   *
   * @throws InputException if they are no numbers
   */
  void flush(PartWriter writer) throws IOException {
    float[][] probabilities = new float[0][];
    List<List<KernelStatistics>> kernels = List.of();
    if (images > 0) {
      minibatch.take(images);
      probabilities = Evaluator.probabilities(graph, minibatch.images());
      kernels = explain ? KernelStatistics.of(graph, minibatch.images()) : List.of();
    }
    int place = 0;
    for (Waiting each : waiting) {
      boolean readable = each.error() == null;
      writer.add(
          new Classified(
              each.key(),
              readable ? finite(probabilities[place], each.key()) : null,
              each.error(),
              readable && explain ? kernels.get(place) : List.of()));
      place += readable ? 1 : 0;
    }
    waiting.clear();
    images = 0;
  }

  private static float[] finite(float[] numbers, String key) {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new InputException(
            "the model computes numbers that are NaN or infinite"
                + (key == null ? "" : " for " + key)
                + ": use a model that did not diverge");
      }
    }
    return numbers;
  }

  /** The thread keeps its workspaces for the next partition: there are as many as slots. */
  @Override
  public void close() {
    minibatch.close();
    GraphState.free(graph);
  }
}
