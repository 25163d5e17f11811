package io.involution.cli;

import io.involution.config.option.Choice;
import io.involution.driver.apply.ExportJob;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes saved models in a format that other programs read. */
@Command(
    name = "export",
    description =
        "Writes saved models as ONNX files, one for each network, which compute the same without"
            + " this job.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExportCommand implements Callable<Integer> {
  /** The formats. */
  private enum Format implements Choice {
    ONNX
  }

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "onnx: operator set 13, standard operators only.")
  private String format;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder for the files, NETWORK.onnx; files of the same names are replaced.")
  private String out;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A model.zip, the folder that holds it, or the folder of a run with its models.")
  private String model;

  @Override
  public Integer call() {
    Choice.parse("format", format, Format.class);
    PrintStream terminal = System.out;
    new ExportJob(HadoopSettings.here(), terminal).run(model, out);
    terminal.flush();
    return 0;
  }
}
