package io.involution.driver.input;

import io.involution.config.DeclaredOption;
import io.involution.config.ExampleOptions;
import io.involution.config.ExampleOptions.Labels;
import io.involution.config.TrainConfig;
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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens the data that a command's options ask for. */
public final class Sources {
  private static final String FORMAT = "data-format";
  private static final String LABELS = "labels";
  private static final String OF_FOLDER = "which is read as a folder of images";
  private static final List<String> OF_TABLES =
      List.of(LABELS, "image-column", "size-columns", "label-column", "order-by");

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
        boolean groups = format.equals(DataFormat.CIFAR100);
        String read = groups ? "CIFAR-100's files" : "which is read as CIFAR-10";
        requireFor(
            data, read, options, name -> name.equals(FORMAT) || (groups && name.equals(LABELS)));
        Environment environment = Environment.here(session.isOneMachine(), notices);
        CifarKind kind = kind(format, options);
        yield DataLocator.locate(data, kind, environment, session.hadoop());
      }
      case DataFormat.FOLDER -> {
        requireForFolder(data, options);
        yield FolderExamples.open(session.context(), data, options, notices);
      }
      default -> {
        requireFor(data, "a table", options, name -> !name.equals(LABELS));
        TableExamples.Place place = table(format, data, options, session.hadoop());
        yield TableExamples.open(session.context(), place, options, notices);
      }
    };
  }

  private static CifarKind kind(String format, ExampleOptions options) {
    if (format.equals(DataFormat.CIFAR10)) {
      return CifarKind.CIFAR10;
    }
    return options.labels() == Labels.COARSE ? CifarKind.CIFAR100_COARSE : CifarKind.CIFAR100;
  }

  /**
   * Refuses options that belong to tables.
   *
   * @throws InputException naming the first one
   */
  public static void requireForFolder(String data, ExampleOptions options) {
    requireFor(data, OF_FOLDER, options, name -> !OF_TABLES.contains(name));
  }

  /** The refusal of such an option. */
  public static InputException noEffectOnFolder(String option, String data) {
    return noEffect(option, data, OF_FOLDER);
  }

  private static InputException noEffect(String option, String data, String kind) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "--%s has no effect on --data %s, %s: leave it out, or correct --data or --data-format",
            option,
            Places.shown(data),
            kind));
  }

  /** Refuses options that belong to data of another kind. */
  private static void requireFor(
      String data, String kind, ExampleOptions options, Predicate<String> belongs) {
    ExampleOptions defaults = TrainConfig.defaults().examples();
    for (DeclaredOption option : DeclaredOption.of(ExampleOptions.class)) {
      if (!belongs.test(option.name()) && !option.text(options).equals(option.text(defaults))) {
        throw noEffect(option.name(), data, kind);
      }
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
    } catch (IOException e) {
      throw UserPath.refused("--data %s cannot be read (%s): check the path", place, e, hadoop);
    } catch (IllegalArgumentException noPath) {
      return false;
    }
  }
}
