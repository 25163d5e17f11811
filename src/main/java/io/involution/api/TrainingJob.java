package io.involution.api;

import io.involution.config.OutputOptions;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.driver.RunInputs;
import io.involution.driver.RunPlace;
import io.involution.driver.TrainJob;
import io.involution.driver.present.Presentation;
import io.involution.failure.InputException;
import io.involution.run.Deadline;
import io.involution.spark.ClusterSession;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The train command in a program that has a Spark context of its own. It writes the same folder as
 * the command, and both can resume what the other has begun.
 *
 * <p>The options are those of the command, by their names without the dashes: {@code
 * option("epochs", 5)} is {@code --epochs 5}. They are checked when the job is run.
 */
public final class TrainingJob {
  private final JavaSparkContext context;
  private final Map<String, Object> options = new LinkedHashMap<>();
  private Optional<String> out = Optional.empty();
  private boolean resume;
  private boolean overwrite;
  private PrintStream lines =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private TrainingJob(JavaSparkContext context) {
    this.context = context;
  }

  /**
   * A job on a cluster.
   *
   * @param context the program's own, which stays open
   */
  public static TrainingJob on(JavaSparkContext context) {
    return new TrainingJob(context);
  }

  /**
   * A job on a cluster.
   *
   * @param session the program's own, which stays open
   */
  public static TrainingJob on(SparkSession session) {
    return on(JavaSparkContext.fromSparkContext(session.sparkContext()));
  }

  /** Which network to train: what {@code --model} takes. */
  public TrainingJob network(String model) {
    return option("model", model);
  }

  /** Where the examples are: what {@code --data} takes. */
  public TrainingJob data(String uri) {
    return option("data", uri);
  }

  /**
   * Sets an option of the train command.
   *
   * @param name its name, such as {@code learning-rate}
   * @param value its value: a number, a boolean or a text
   */
  public TrainingJob option(String name, Object value) {
    options.put(name, value);
    return this;
  }

  /**
   * Where the run's folder goes; by default {@code runs/} and the current time.
   *
   * @param folder a path or URI of any Hadoop file system
   */
  public TrainingJob out(String folder) {
    out = Optional.of(folder);
    return this;
  }

  /** Resumes the run in the folder, if there is one. */
  public TrainingJob resume() {
    resume = true;
    return this;
  }

  /** Replaces the run in the folder, if there is one. */
  public TrainingJob overwrite() {
    overwrite = true;
    return this;
  }

  /** Where progress is printed; by default nowhere. */
  public TrainingJob progress(PrintStream stream) {
    lines = stream;
    return this;
  }

  /**
   * Trains, and returns when the run is complete.
   *
   * @throws InputException when an option, the data, the folder or the cluster cannot be used;
   *     nothing has been written then
   * @throws io.involution.failure.ResumableException when something failed that may pass
   * @throws io.involution.failure.RunFailedException when training failed
   */
  public TrainingResult run() {
    options.keySet().forEach(TrainingJob::requireOption);
    TrainOptions given =
        TrainConfig.load(options, Optional.empty()).with(new OutputOptions(out, resume, overwrite));
    TrainOptions complete = given.with(RunPlace.named(given.output()));
    RunInputs inputs = RunInputs.forNetworks(ClusterSession.of(context), this::print);
    Presentation shown = new Presentation(lines, lines, false, false);
    new TrainJob(inputs, complete, Deadline.NEVER, shown).run(run -> () -> {});
    return TrainingResult.read(
        complete.output().out().orElseThrow(), context.hadoopConfiguration());
  }

  /** A name that is none must not train something else than was meant. */
  private static void requireOption(String name) {
    if (TrainConfig.OPTIONS.stream().noneMatch(option -> option.name().equals(name))) {
      throw new InputException(
          "there is no option " + name + ": use a name of the options page, without dashes");
    }
  }

  private void print(String line) {
    lines.println(line);
  }
}
