package io.involution.spark.classify;

import io.involution.data.Sha256;
import io.involution.data.folder.ClassFiles;
import io.involution.data.picture.PictureFile;
import io.involution.failure.InputException;
import io.involution.files.UserPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A folder's images: the driver lists their paths for the tasks. Spark's own listing leaves out
 * empty files, and one that it cannot open ends the job.
 */
final class ImageFolder {
  private ImageFolder() {}

  /**
   * An image's file.
   *
   * @param path its URI
   * @param length in bytes
   * @param time when it was changed
   */
  private record Listed(String path, long length, long time) {}

  /**
   * Lists the images; the same files give the same partitions.
   *
   * @param least the fewest partitions, if there are as many images
   * @throws InputException if the folder cannot be listed, or has no images
   */
  static ImageTable.Opened open(String data, int least, JavaSparkContext context) {
    MessageDigest digest = Sha256.start();
    List<String> paths = new ArrayList<>();
    long bytes = 0;
    for (Listed file : list(data, context.hadoopConfiguration())) {
      String text =
          file.path().length() + ":" + file.path() + " " + file.length() + " " + file.time() + "\n";
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      paths.add(file.path());
      bytes += file.length() + ImageTable.OPEN_BYTES;
    }
    if (paths.isEmpty()) {
      throw ImageTable.noImages(data);
    }
    long wanted = Math.max(least, bytes / ImageTable.PARTITION_BYTES);
    JavaRDD<Row> rows =
        context
            .parallelize(paths, (int) Math.min(paths.size(), wanted))
            .map(path -> RowFactory.create(path));
    return new ImageTable.Opened(rows, HexFormat.of().formatHex(digest.digest()));
  }

  private static List<Listed> list(String data, Configuration hadoop) {
    List<Listed> files = new ArrayList<>();
    try {
      ClassFiles.visit(
          data,
          hadoop,
          (name, status) -> {
            String path = status.getPath().toString();
            if (PictureFile.isPictureName(path)) {
              files.add(new Listed(path, status.getLen(), status.getModificationTime()));
            }
          });
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      // Web servers have no lists.
      throw UserPath.refused(
          "--data %s cannot be read as a folder (%s): check it, --data-format and your access to"
              + " it",
          data, e, hadoop);
    }
    files.sort(Comparator.comparing(Listed::path));
    return files;
  }
}
