package io.involution.cli;

import io.involution.config.ExampleOptions;
import io.involution.driver.apply.ClassifyJob;
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
@Takes({"image-column", "size-columns"})
final class ClassifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|FILE",
      description = "A model.zip, or the folder that holds it.")
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "URI",
      description = "A folder of images, or a table, on any Hadoop file system.")
  private String data;

  @Option(
      names = "--data-format",
      paramLabel = "FORMAT",
      description =
          "folder, or a table's format that Spark reads: parquet, orc, delta, iceberg. Default:"
              + " auto, by the names of the files.")
  private String format = "auto";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "URI",
      description = "Folder for the Parquet files, on any Hadoop file system.")
  private String out;

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
    ExampleOptions reading = TrainFlags.options(spec).examples();
    String name = ApplicationName.of("classify", Optional.of(out));
    try (ClusterSession session = ClusterSession.open(name)) {
      new ClassifyJob(session, System.out::println)
          .run(
              new ClassifyJob.Request(
                  model, data, format, reading, Optional.ofNullable(key), explain, out));
    }
    return 0;
  }
}
