package io.involution.driver.input;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.UserPath;
import io.involution.metrics.ResultFiles;
import io.involution.run.RunFolder;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A saved model in the folder of its run, whose record knows the model's digest. */
public final class RecordedModel {
  private RecordedModel() {}

  /**
   * Makes sure that a model is the one that its run has written, if it lies in a run's folder.
   *
   * @param bytes the whole file
   * @param file its name
   * @throws InputException when it is not
   */
  public static void check(byte[] bytes, String file, Configuration hadoop) {
    Path path = UserPath.of(file);
    Path model = path.getParent();
    boolean web = String.valueOf(path.toUri().getScheme()).startsWith("http");
    if (web || model == null || model.getParent() == null || !path.getName().equals("model.zip")) {
      return;
    }
    if (!isWhole(bytes, model, hadoop)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is damaged (not what its run.json records): repair it with the run's own command"
                  + " and --resume, or use another copy",
              Places.shown(file)));
    }
  }

  private static boolean isWhole(byte[] bytes, Path model, Configuration hadoop) {
    try {
      String run = model.getParent().toString();
      return !RunFolder.holdsRun(run, hadoop)
          || ResultFiles.isWhole(
              RunFolder.read(run, hadoop), model.getName() + "/model.zip", bytes);
    } catch (RuntimeException e) {
      // A model can be used without the record of its run.
      return true;
    }
  }
}
