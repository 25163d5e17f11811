package io.involution.ml;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Sha256;
import java.io.Serializable;
import java.util.Locale;
import org.apache.spark.sql.Row;

/**
 * An example on its way from a table to its shard, or why there is none.
 *
 * @param label from 0
 * @param shape the image's shape
 * @param pixels the image
 * @param fault what is wrong with the row; null if nothing is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LabeledImage(int label, ImageShape shape, byte[] pixels, String fault)
    implements Serializable {

  /** Reads a row of an image and a label. */
  static LabeledImage read(Row row, ImageColumn column) {
    try {
      int label = label(row.isNullAt(1) ? Double.NaN : row.getDouble(1));
      ImageColumn.Image image = column.read(row, 0);
      return new LabeledImage(label, image.shape(), image.pixels(), null);
    } catch (RuntimeException e) {
      return new LabeledImage(-1, null, null, String.valueOf(e.getMessage()));
    }
  }

  private static int label(double label) {
    if (!(label >= 0 && label < DataSchema.MOST_CLASSES && label == Math.rint(label))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "a label of %s: labels are whole numbers from 0 to 9,999", label));
    }
    return (int) label;
  }

  /**
   * Decides the example's place in the order of all: by content alone, so that neither partitions
   * nor hosts change what is trained.
   */
  String key() {
    byte[] hashed = new byte[pixels.length + 2];
    hashed[0] = (byte) (label >> 8);
    hashed[1] = (byte) label;
    System.arraycopy(pixels, 0, hashed, 2, pixels.length);
    return Sha256.hex(hashed);
  }
}
