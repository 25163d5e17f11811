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
   * Reads a model's file: every command that uses one does so here. A model that lies in a run's
   * folder is the one that the run has written.
   *
   * @param option the option that named it, for the error message
   * @throws InputException when it cannot be read, or is another
   */
  public static byte[] read(String option, String file, Configuration hadoop) {
    byte[] bytes = DriverFile.bytes(option, file, hadoop);
    check(bytes, file, hadoop);
    return bytes;
  }

  private static void check(byte[] bytes, String file, Configuration hadoop) {
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
