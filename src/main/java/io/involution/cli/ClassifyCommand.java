package io.involution.cli;

import io.involution.config.TrainOptions;
import io.involution.driver.apply.ClassifyJob;
import io.involution.failure.InputException;
import io.involution.spark.ApplicationName;
import io.involution.spark.ClusterSession;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Classifies the images of a folder or table of any size with a saved model. */
@Command(
    name = "classify",
    description =
        "Classifies the images of a folder or table of any size with a saved model, and writes"
            + " Parquet files. Started again, it computes only what is missing.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = TrainFlags.class)
@Takes({"data", "data-format", "image-column", "size-columns", "out"})
final class ClassifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|FILE",
      description = "A model.zip, or the folder that holds it.")
  private String model;

  @Option(
      names = "--key-column",
      paramLabel = "COLUMN",
      description =
          "A table's column that names each image in the output. Default: the numbers of partition"
              + " and row.")
  private String key;

  @Option(names = "--explain", description = "Also write the statistics of the kernels' heat maps.")
  private boolean explain;

  @Override
  public Integer call() {
    TrainOptions options = TrainFlags.options(spec);
    if (options.output().out().isEmpty()) {
      throw new InputException("classify needs --out: name a new folder");
    }
    String name = ApplicationName.of("classify", options.output().out());
    try (ClusterSession session = ClusterSession.open(name)) {
      new ClassifyJob(session, System.out::println)
          .run(new ClassifyJob.Request(model, options, Optional.ofNullable(key), explain));
    }
    return 0;
  }
}
