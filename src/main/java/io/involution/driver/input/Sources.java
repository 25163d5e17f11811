package io.involution.driver.input;

import io.involution.config.ExampleOptions;
import io.involution.config.ExampleOptions.Labels;
import io.involution.data.ExampleSource;
import io.involution.data.cifar10.CifarKind;
import io.involution.data.cifar10.DataLocator;
import io.involution.data.cifar10.DataLocator.Environment;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import io.involution.spark.ClusterSession;
import io.involution.spark.examples.FolderExamples;
import io.involution.spark.examples.TableExamples;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens the data that a command's options ask for. */
public final class Sources {
  private Sources() {}

  /**
   * Opens the data.
   *
   * @param data the data option
   * @param options how data of other kinds is read
   * @param session the cluster that reads it
   * @param notices receives progress messages
   * @throws InputException naming what is wrong and the fix
   */
  public static ExampleSource open(
      String data, ExampleOptions options, ClusterSession session, Consumer<String> notices) {
    String format = DataFormat.of(data, options.dataFormat(), session.hadoop());
    return switch (format) {
      case DataFormat.CIFAR10, DataFormat.CIFAR100 -> {
        requireWhole(data, options);
        Environment environment = Environment.here(session.isOneMachine(), notices);
        CifarKind kind = kind(format, options);
        yield DataLocator.locate(data, kind, environment, session.hadoop());
      }
      case DataFormat.FOLDER -> FolderExamples.open(session.context(), data, options, notices);
      default ->
          TableExamples.open(
              session.context(), table(format, data, options, session.hadoop()), options, notices);
    };
  }

  private static CifarKind kind(String format, ExampleOptions options) {
    if (format.equals(DataFormat.CIFAR10)) {
      return CifarKind.CIFAR10;
    }
    return options.labels() == Labels.COARSE ? CifarKind.CIFAR100_COARSE : CifarKind.CIFAR100;
  }

  private static void requireWhole(String data, ExampleOptions options) {
    if (options.testFraction() > 0 || options.testData().isPresent()) {
      throw new InputException(
          "--data "
              + Places.shown(data)
              + " has test examples of its own: leave out --test-data and --test-fraction");
    }
  }

  private static TableExamples.Place table(
      String format, String data, ExampleOptions options, Configuration hadoop) {
    boolean parts = exists(data, "train", hadoop);
    boolean ownTest = parts && exists(data, "test", hadoop);
    boolean split = options.testFraction() > 0;
    if (ownTest && (split || options.testData().isPresent())) {
      throw new InputException(
          "--data "
              + Places.shown(data)
              + " has a table test: leave out --test-data and --test-fraction, or name its table"
              + " train");
    }
    Optional<String> test = ownTest ? Optional.of(data + "/test") : options.testData();
    if (test.isEmpty() && !split) {
      throw new InputException(
          "--data "
              + Places.shown(data)
              + " has no test examples: add --test-data or --test-fraction 0.1");
    }
    return new TableExamples.Place(format, parts ? data + "/train" : data, test);
  }

  /** Whether a place is a folder with a folder of that name; the name of a table is none. */
  private static boolean exists(String place, String name, Configuration hadoop) {
    try {
      Path path = UserPath.in(place, name);
      FileSystem fileSystem = FileSystems.of(path, hadoop);
      return fileSystem.exists(path) && fileSystem.getFileStatus(path).isDirectory();
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
