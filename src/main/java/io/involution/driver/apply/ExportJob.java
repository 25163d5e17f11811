package io.involution.driver.apply;

import io.involution.driver.input.ModelFiles;
import io.involution.driver.input.SavedModel;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.Durability;
import io.involution.files.DurableFiles;
import io.involution.files.FileSystems;
import io.involution.files.OwnFile;
import io.involution.files.UserPath;
import io.involution.files.WriteProbe;
import io.involution.model.onnx.OnnxFile;
import io.involution.model.state.GraphState;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The export command, which runs in one process without a cluster. */
public final class ExportJob {
  private final Configuration hadoop;
  private final ModelFiles models;
  private final PrintStream terminal;

  /** Prepares exports that are told to a terminal. */
  public ExportJob(Configuration hadoop, PrintStream terminal) {
    this.hadoop = hadoop;
    this.models = new ModelFiles("MODEL", hadoop);
    this.terminal = terminal;
  }

  /**
   * Writes the networks as ONNX files; nothing is written unless all of them can be.
   *
   * @param model a model.zip, the folder that holds it, or the folder of a run
   * @param out the folder for the files
   * @throws InputException if a model cannot be read or exported, or the folder not be written to
   */
  public void run(String model, String out) {
    WriteProbe.run(out, hadoop);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String file : models.of(model)) {
      SavedModel saved = models.read(file);
      try {
        String name = saved.metadata().network() + ".onnx";
        checkPlace(out, name);
        files.put(name, OnnxFile.of(saved.graph(), saved.metadata()));
      } finally {
        GraphState.close(saved.graph());
      }
    }
    files.forEach((name, bytes) -> terminal.println(written(out, name, bytes)));
    terminal.printf(
        Locale.ROOT,
        "input %s: float32 [N, channels, height, width], pixel / 255; output %s%n",
        OnnxFile.INPUT,
        OnnxFile.OUTPUT);
  }

  private void checkPlace(String out, String name) {
    at(
        out,
        name,
        (fileSystem, file) -> OwnFile.requireNoOther(fileSystem, file, file, OnnxFile::begins));
  }

  private String written(String out, String name, byte[] bytes) {
    Path written =
        at(
            out,
            name,
            (fileSystem, file) ->
                new DurableFiles(fileSystem).replace(file, bytes, Durability.ON_DISK));
    return String.format(
        Locale.ROOT, "written to %s (%,d bytes)", Places.shown(written.toString()), bytes.length);
  }

  private Path at(String out, String name, FileStep step) {
    try {
      Path folder = UserPath.of(out);
      FileSystem fileSystem = FileSystems.of(folder, hadoop);
      Path file = fileSystem.makeQualified(UserPath.in(folder, name));
      step.on(fileSystem, file);
      return file;
    } catch (IOException | IllegalArgumentException e) {
      throw UserPath.refused(
          "--out %s cannot be written (%s): name a folder that you can write to", out, e, hadoop);
    }
  }

  /** What is done with a file. */
  private interface FileStep {
    void on(FileSystem fileSystem, Path file) throws IOException;
  }
}
