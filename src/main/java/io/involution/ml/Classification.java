package io.involution.ml;

import io.involution.data.DataSchema;
import io.involution.data.Shard;
import io.involution.driver.input.SavedModel;
import io.involution.evaluate.Evaluator;
import io.involution.spark.round.Predictor;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Classifies the images of a partition, some at a time, so that memory does not grow with it.
 *
 * @param predictor the network
 * @param images the column of the images
 * @param at its index
 * @param schema shape and classes
 * @param shown the columns that are added
 */
record Classification(
    Predictor predictor, ImageColumn images, int at, DataSchema schema, Shown shown)
    implements MapPartitionsFunction<Row, Row> {
  private static final int BATCH = 64;

  /**
   * Which columns are added; those without a name are not.
   *
   * @param skips whether rows whose images cannot be read are left out
   * @param thresholds by which the probabilities are divided to predict a class; null for none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Shown(
      boolean rawPrediction,
      boolean probability,
      boolean prediction,
      boolean skips,
      double[] thresholds)
      implements Serializable {

    /** The class that is predicted, which is the one with a threshold of 0, if there is one. */
    double predicted(double[] probabilities) {
      int best = 0;
      for (int label = 1; label < probabilities.length; label++) {
        best = share(probabilities, label) > share(probabilities, best) ? label : best;
      }
      return best;
    }

    private double share(double[] probabilities, int label) {
      if (thresholds == null) {
        return probabilities[label];
      }
      return thresholds[label] == 0
          ? Double.POSITIVE_INFINITY
          : probabilities[label] / thresholds[label];
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Deque<Row> ready = new ArrayDeque<>();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        while (ready.isEmpty() && rows.hasNext()) {
          classify(rows, ready);
        }
        return !ready.isEmpty();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return ready.remove();
      }
    };
  }

  private void classify(Iterator<Row> rows, Deque<Row> ready) {
    List<Row> batch = new ArrayList<>();
    List<LabeledImage> read = new ArrayList<>();
    while (batch.size() < BATCH && rows.hasNext()) {
      Row row = rows.next();
      Optional<ImageColumn.Image> image = image(row);
      if (image.isPresent()) {
        batch.add(row);
        read.add(new LabeledImage(0, image.get().shape(), image.get().pixels(), null));
      }
    }
    if (batch.isEmpty()) {
      return;
    }
    Shard shard = ImageShards.assembled(read, schema);
    float[][] probabilities = predictor.probabilities(shard);
    for (int i = 0; i < probabilities.length; i++) {
      ready.add(with(batch.get(i), probabilities[i]));
    }
  }

  private Optional<ImageColumn.Image> image(Row row) {
    try {
      return Optional.of(images.read(row, at));
    } catch (RuntimeException e) {
      if (shown.skips()) {
        // The user does not want to know.
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * A row with its new columns.
   *
   * @throws io.involution.failure.InputException if the network computes no numbers: NaN would pass
   *     for the first class
   */
  Row with(Row row, float[] probabilities) {
    double[] shares = new double[probabilities.length];
    double[] logarithms = new double[shares.length];
    for (int label = 0; label < shares.length; label++) {
      if (!Float.isFinite(probabilities[label])) {
        throw SavedModel.notFinite("the model");
      }
      shares[label] = probabilities[label];
      logarithms[label] = Evaluator.logarithm(probabilities[label]);
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      values.add(row.get(i));
    }
    if (shown.rawPrediction()) {
      values.add(Vectors.dense(logarithms));
    }
    if (shown.probability()) {
      values.add(Vectors.dense(shares));
    }
    if (shown.prediction()) {
      values.add(shown.predicted(shares));
    }
    return RowFactory.create(values.toArray());
  }
}
