package io.involution.driver.input;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import io.involution.model.network.NetworkKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The model files that a user's word refers to: a model.zip, the one in a folder, or those of a
 * run.
 *
 * @param option the option or parameter, for error messages
 * @param hadoop settings of the file systems
 */
public record ModelFiles(String option, Configuration hadoop) {

  /**
   * Finds the files.
   *
   * @param name a model.zip, the folder that holds it, or the folder of a run
   * @return at least one, of a run in the order of the networks; a name that ends in .zip is itself
   * @throws InputException if the folder has none
   */
  public List<String> of(String name) {
    String file = SavedModel.file(name);
    if (file.equals(name) || exists(file)) {
      return List.of(file);
    }
    List<String> files =
        Arrays.stream(NetworkKind.values())
            .map(network -> SavedModel.file(name + "/" + network.label()))
            .filter(this::exists)
            .toList();
    if (files.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s %s has no model.zip: name one that train wrote, or the folder of a run",
              option,
              Places.shown(name)));
    }
    return files;
  }

  /**
   * Whether there is a file.
   *
   * @throws InputException if nobody can tell
   */
  public boolean exists(String file) {
    try {
      Path path = UserPath.of(file);
      return FileSystems.of(path, hadoop).exists(path);
    } catch (IOException | IllegalArgumentException e) {
      throw UserPath.refused(option + " %s cannot be read (%s): check the path", file, e, hadoop);
    }
  }

  /**
   * Reads a model and makes sure that it is the one that its run has written.
   *
   * @throws InputException if it cannot be used
   */
  public SavedModel read(String file) {
    return SavedModel.read(RecordedModel.read(option, file, hadoop), file);
  }
}
