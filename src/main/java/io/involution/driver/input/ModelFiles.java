package io.involution.driver.input;

import io.involution.config.ModelChoice;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import io.involution.model.ModelMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
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
    List<String> files = ofRun(name);
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

  /** This job's networks first, then others by name. */
  private List<String> ofRun(String name) {
    List<String> networks = new ArrayList<>(ModelChoice.OURS);
    networks.addAll(others(name));
    return networks.stream()
        .map(network -> SavedModel.file(name + "/" + network))
        .filter(this::exists)
        .toList();
  }

  /** Folders that may be those of users' networks. */
  private List<String> others(String name) {
    try {
      Path run = UserPath.of(name);
      return Arrays.stream(FileSystems.of(run, hadoop).listStatus(run))
          .filter(FileStatus::isDirectory)
          .map(folder -> folder.getPath().getName())
          .filter(label -> ModelMetadata.isNetwork(label) && !ModelChoice.OURS.contains(label))
          .sorted()
          .toList();
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      // Web servers have no lists.
      return List.of();
    }
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
