package io.involution.cli;

import io.involution.experiment.ExperimentFolder;
import io.involution.experiment.Matrix;

/** Finds the folder of an existing experiment. */
final class ExperimentPlace {
  private ExperimentPlace() {}

  /**
   * The folder.
   *
   * @param place the folder itself, or the experiment file
   * @param flags options that determine the file's folder
   * @throws io.involution.failure.InputException when there is none
   */
  static ExperimentFolder find(String place, ExperimentFlags flags) {
    String out = place;
    if (place.endsWith(".conf")) {
      Matrix matrix = ExperimentCommand.matrix(place);
      out = flags.out(matrix.name(), matrix.out());
    }
    return ExperimentFolder.read(out, HadoopSettings.here());
  }
}
