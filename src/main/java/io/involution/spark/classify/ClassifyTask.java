package io.involution.spark.classify;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluator;
import io.involution.failure.InputException;
import io.involution.failure.RunFailedException;
import io.involution.files.FolderFiles;
import io.involution.model.Minibatch;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.spark.examples.ImageReading;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What a task does: streams a partition's images through a network of its own, a minibatch at a
 * time, and writes their classes.
 *
 * @param blueprint the network
 * @param schema its images and classes
 * @param raw whether images are raw pixels with a height and width, not files
 * @param explain whether the statistics of heat maps are written too
 * @param out URI of the folder to write to
 */
public record ClassifyTask(
    NetworkBlueprint blueprint, DataSchema schema, boolean raw, boolean explain, String out)
    implements Serializable {
  private static final int BATCH = 256;

  /** Rows that wait for a minibatch: those that cannot be read are no part of it. */
  private static final int MOST_WAITING = 4 * BATCH;

  /** A row that waits; the image is at its place in the minibatch, or there is an error. */
  private record Waiting(String key, String error) {}

  /**
   * Classifies a partition.
   *
   * @param part its number
   * @param rows a key and an image each
   * @param parameters the network's
   * @param hadoop settings of the file systems
   */
  Part run(int part, Iterator<Row> rows, float[] parameters, Configuration hadoop) {
    // DL4J calls our layers and passes them no context: these are properties of the process and
    // of the thread.
    NativeThreads.useOne();
    ImageChunks.useThreads(TaskContext.get().cpus());
    FolderFiles files = FolderFiles.at(out, hadoop);
    ComputationGraph graph = blueprint.build();
    try (Minibatch minibatch = new Minibatch(blueprint.normalization())) {
      ModelState untrained = GraphState.capture(graph);
      GraphState.restore(graph, untrained.with(ModelState.PARAMETERS, parameters));
      PartWriter writer = new PartWriter(files, part, schema.classes(), explain);
      Stream stream = new Stream(part, graph, minibatch, writer);
      stream.all(rows);
      Part done = writer.end();
      done.mark(files);
      return done;
    } catch (IOException e) {
      throw new RunFailedException("cannot write to " + files.location(), e);
    } finally {
      // The thread keeps its workspaces for the next partition: there are as many threads as slots,
      // and ND4J collects the heap's garbage whenever it destroys a thread's workspaces.
      graph.close();
    }
  }

  /** The images of one partition on their way. */
  private final class Stream {
    private final int part;
    private final ComputationGraph graph;
    private final Minibatch minibatch;
    private final PartWriter writer;
    private final ImageShape image = schema.image();
    private final ImageReading reading =
        new ImageReading(image.height(), image.width(), image.channels());
    private final byte[] pixels = new byte[BATCH * image.pixels()];
    private final List<Waiting> waiting = new ArrayList<>();
    private int images;
    private long row;

    Stream(int part, ComputationGraph graph, Minibatch minibatch, PartWriter writer) {
      this.part = part;
      this.graph = graph;
      this.minibatch = minibatch;
      this.writer = writer;
    }

    void all(Iterator<Row> rows) throws IOException {
      while (rows.hasNext()) {
        add(rows.next());
        if (images == BATCH || waiting.size() == MOST_WAITING) {
          flush();
        }
      }
      flush();
    }

    private void add(Row next) {
      String key =
          next.isNullAt(0) ? String.format(Locale.ROOT, "%d-%d", part, row) : next.getString(0);
      row++;
      try {
        byte[] read = read(next, key);
        System.arraycopy(read, 0, pixels, images * image.pixels(), image.pixels());
        images++;
        waiting.add(new Waiting(key, null));
      } catch (InputException e) {
        waiting.add(new Waiting(key, e.getMessage()));
      }
    }

    private byte[] read(Row next, String key) {
      if (next.isNullAt(1)) {
        throw new InputException(key + " has no image");
      }
      byte[] bytes = next.getAs(1);
      if (!raw) {
        return reading.filePixels(bytes, key);
      }
      if (next.isNullAt(2) || next.isNullAt(3)) {
        throw new InputException(key + " has no height or width");
      }
      long height = next.getLong(2);
      long width = next.getLong(3);
      boolean fits =
          height == image.height() && width == image.width() && bytes.length == image.pixels();
      return fits ? planes(bytes) : reading.rawPixels(bytes, height, width, key);
    }

    /** Raw images have a byte for each channel of each pixel; networks take planes. */
    private byte[] planes(byte[] bytes) {
      byte[] planes = new byte[bytes.length];
      int at = 0;
      for (int pixel = 0; pixel < image.plane(); pixel++) {
        for (int channel = 0; channel < image.channels(); channel++) {
          planes[channel * image.plane() + pixel] = bytes[at++];
        }
      }
      return planes;
    }

    private void flush() throws IOException {
      float[][] probabilities = new float[0][];
      List<List<KernelStatistics>> kernels = List.of();
      if (images > 0) {
        load();
        probabilities = Evaluator.probabilities(graph, minibatch.images());
        kernels = explain ? KernelStatistics.of(graph, minibatch.images()) : List.of();
      }
      int place = 0;
      for (Waiting each : waiting) {
        boolean readable = each.error() == null;
        writer.add(
            new Classified(
                each.key(),
                readable ? finite(probabilities[place]) : null,
                each.error(),
                readable && explain ? kernels.get(place) : List.of()));
        place += readable ? 1 : 0;
      }
      waiting.clear();
      images = 0;
    }

    private void load() {
      byte[] filled = images == BATCH ? pixels : Arrays.copyOf(pixels, images * image.pixels());
      Shard shard = new Shard(image, schema.classCount(), filled, new short[images]);
      minibatch.load(shard, IntStream.range(0, images).toArray(), 0, images);
    }

    private float[] finite(float[] numbers) {
      for (float number : numbers) {
        if (!Float.isFinite(number)) {
          throw new InputException(
              "the model computes numbers that are NaN or infinite: use a model that did not"
                  + " diverge");
        }
      }
      return numbers;
    }
  }
}
