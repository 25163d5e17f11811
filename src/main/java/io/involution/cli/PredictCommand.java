package io.involution.cli;

import io.involution.driver.apply.PredictJob;
import io.involution.report.page.PredictionPage;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Classifies image files with saved models. */
@Command(
    name = "predict",
    description =
        "Classifies PNG, JPEG, GIF, or BMP files of any size: the middle is scaled to the size of"
            + " the network's images.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PredictCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|FILE",
      description =
          "A model.zip, the folder that holds it, or the folder of a run with its models.")
  private String model;

  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "Image files, and folders of them: up to 10,000, fewer of large ones.")
  private List<String> images;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Also write an .html page with the images, their probabilities and, of the first "
              + PredictionPage.MOST_DRAWN
              + ", the kernels.")
  private String out;

  @Override
  public Integer call() {
    PrintStream terminal = System.out;
    new PredictJob(HadoopSettings.here(), terminal).run(model, images, out);
    terminal.flush();
    return 0;
  }
}
