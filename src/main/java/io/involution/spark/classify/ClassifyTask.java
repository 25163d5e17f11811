package io.involution.spark.classify;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.data.DataSchema;
import io.involution.data.folder.ClassFiles;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.files.FolderFiles;
import io.involution.files.UserPath;
import io.involution.model.network.NetworkBlueprint;
import io.involution.spark.TaskAnswer;
import io.involution.spark.examples.ImageReading;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;

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

  /**
   * Classifies a partition.
   *
   * @param part its number
   * @param rows a key and an image each, or the path of an image
   * @param parameters the network's
   * @param hadoop settings of the file systems
   * @return what was written, or what is wrong and would be again
   */
  TaskAnswer<Part> run(int part, Iterator<Row> rows, float[] parameters, Configuration hadoop) {
    return TaskAnswer.of(() -> part(part, rows, parameters, hadoop));
  }

  private Part part(int part, Iterator<Row> rows, float[] parameters, Configuration hadoop) {
    // DL4J calls our layers and passes them no context: these are properties of the process and
    // of the thread.
    NativeThreads.useOne();
    ImageChunks.useThreads(TaskContext.get().cpus());
    FolderFiles files = FolderFiles.at(out, hadoop);
    PartWriter writer = new PartWriter(files, part, schema.classes(), explain);
    try {
      // Where Spark cuts a file between two of its blocks, partitions are empty.
      if (rows.hasNext()) {
        classify(part, rows, parameters, writer, hadoop);
      }
      Part done = writer.end();
      done.mark(files);
      return done;
    } catch (IOException e) {
      throw new RunFailedException("cannot write to " + files.location(), e);
    }
  }

  private void classify(
      int part, Iterator<Row> rows, float[] parameters, PartWriter writer, Configuration hadoop)
      throws IOException {
    try (ForwardPass pass = new ForwardPass(blueprint, schema, parameters, explain)) {
      ImageReading reading =
          new ImageReading(
              schema.image().height(), schema.image().width(), schema.image().channels());
      for (long row = 0; rows.hasNext(); row++) {
        Row next = rows.next();
        String key = next.isNullAt(0) ? part + "-" + row : key(next);
        add(pass, reading, next, key, hadoop);
        if (pass.isFull()) {
          pass.flush(writer);
        }
      }
      pass.flush(writer);
    }
  }

  private static String key(Row row) {
    return isFile(row) ? Places.withoutPassword(row.getString(0)) : row.getString(0);
  }

  private static boolean isFile(Row row) {
    return row.length() == 1;
  }

  private void add(
      ForwardPass pass, ImageReading reading, Row next, String key, Configuration hadoop) {
    try {
      if (isFile(next)) {
        byte[] file = ClassFiles.readInTask(UserPath.of(next.getString(0)), hadoop);
        pass.add(key, reading.filePixels(file, key));
        return;
      }
      if (next.isNullAt(1)) {
        throw new InputException(key + " has no image");
      }
      byte[] bytes = next.getAs(1);
      if (!raw) {
        pass.add(key, reading.filePixels(bytes, key));
        return;
      }
      if (next.isNullAt(2) || next.isNullAt(3)) {
        throw new InputException(key + " has no height or width");
      }
      long height = next.getLong(2);
      long width = next.getLong(3);
      if (pass.takes(height, width, bytes)) {
        pass.addInterleaved(key, bytes);
      } else {
        pass.add(key, reading.rawPixels(bytes, height, width, key));
      }
    } catch (InputException e) {
      pass.addUnreadable(key, e.getMessage());
    }
  }
}
