package io.involution.data.cifar10;

import io.involution.data.ExampleSource;
import io.involution.data.synthetic.SyntheticImages;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.EnvironmentProxies;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds the examples that the data option names. */
public final class DataLocator {
  private static final String AUTO = "auto";
  private static final String SYNTHETIC = "synthetic";

  private final Environment environment;
  private final Configuration hadoop;
  private final RecordCheck check;

  private DataLocator(Environment environment, Configuration hadoop, RecordCheck check) {
    this.environment = environment;
    this.hadoop = hadoop;
    this.check = check;
  }

  /**
   * The environment of the job.
   *
   * @param localMaster whether the driver and the executors are one JVM
   * @param variables environment variables
   * @param cache the driver's folder for downloads, by a name that Java may not know in its locale
   * @param archive URL of the official archive
   * @param notices receives progress messages
   */
  public record Environment(
      boolean localMaster,
      Map<String, String> variables,
      String cache,
      URI archive,
      Consumer<String> notices) {

    /** The environment of this process. */
    public static Environment here(boolean localMaster, Consumer<String> notices) {
      Map<String, String> variables = System.getenv();
      String cache = variables.getOrDefault("XDG_CACHE_HOME", "");
      String folder = cache.isEmpty() ? System.getProperty("user.home") + "/.cache" : cache;
      return new Environment(
          localMaster, variables, folder, URI.create(Cifar10Format.ARCHIVE_URL), notices);
    }
  }

  /**
   * Finds the examples.
   *
   * @param data {@code auto}, {@code synthetic}, or a folder or tar.gz on a Hadoop file system
   * @param environment the environment of the job
   * @param hadoop settings of the file systems
   * @throws InputException naming the place and the fix if there are none
   */
  public static ExampleSource locate(String data, Environment environment, Configuration hadoop) {
    return locate(data, environment, hadoop, Cifar10Format.RECORDS);
  }

  /** The same for a data set that may be another one. */
  public static ExampleSource locate(
      String data, CifarKind kind, Environment environment, Configuration hadoop) {
    RecordCheck check = new RecordCheck(kind, Cifar10Format.RECORDS);
    return locate(data, new DataLocator(environment, hadoop, check));
  }

  /** The same, for files with another number of records each. */
  public static ExampleSource locate(
      String data, Environment environment, Configuration hadoop, int records) {
    return locate(data, new DataLocator(environment, hadoop, new RecordCheck(records)));
  }

  private static ExampleSource locate(String data, DataLocator locator) {
    return switch (data) {
      case AUTO -> locator.auto();
      case SYNTHETIC -> SyntheticImages.STANDARD;
      default -> locator.typed("--data " + Places.shown(data), data);
    };
  }

  private ExampleSource auto() {
    String home = environment.variables().getOrDefault("CIFAR10_HOME", "");
    if (!home.isEmpty()) {
      return typed("CIFAR10_HOME=" + Places.shown(home), home);
    }
    if (!environment.localMaster()) {
      throw new InputException(
          "--data auto finds no data that all executors can read: name it, for example --data"
              + " hdfs:///data/"
              + Cifar10Format.FOLDER);
    }
    java.nio.file.Path cache = cache();
    java.nio.file.Path folder = cache.resolve(Cifar10Format.FOLDER);
    if (Files.isDirectory(folder)) {
      return open("the cache folder " + folder, UserPath.of(folder));
    }
    java.nio.file.Path archive = cache.resolve(Cifar10Format.ARCHIVE);
    EnvironmentProxies proxies = new EnvironmentProxies(environment.variables());
    Optional<String> failure =
        new Download(environment.archive(), proxies, Download.LIMITS, environment.notices())
            .to(archive, hadoop);
    if (failure.isPresent()) {
      environment
          .notices()
          .accept(
              String.format(
                  Locale.ROOT,
                  "warning: CIFAR-10 is not available (%s); using the built-in synthetic data set"
                      + " instead. Name your data with --data",
                  failure.get()));
      return SyntheticImages.STANDARD;
    }
    return open("the cached archive " + archive, UserPath.of(archive));
  }

  private java.nio.file.Path cache() {
    try {
      return java.nio.file.Path.of(environment.cache());
    } catch (InvalidPathException e) {
      throw new InputException(
          "the cache folder "
              + Places.shown(environment.cache())
              + " cannot be named in this locale ("
              + Places.reason(e)
              + "): set LC_ALL=C.UTF-8, or name your data with --data",
          e);
    }
  }

  private ExampleSource typed(String spoken, String place) {
    try {
      return open(spoken, UserPath.of(place), UserPath.meaning(place, hadoop));
    } catch (IllegalArgumentException e) {
      throw unreadable(spoken, Places.reason(e), e);
    }
  }

  private ExampleSource open(String spoken, Path path) {
    return open(spoken, path, "");
  }

  /**
   * Opens a folder or an archive.
   *
   * @param meaning where the path is, if it does not say so itself, for error messages
   */
  private ExampleSource open(String spoken, Path path, String meaning) {
    try {
      FileSystem fileSystem = FileSystems.of(path, hadoop);
      Path whole = fileSystem.makeQualified(path);
      FileStatus status = fileSystem.getFileStatus(whole);
      return status.isDirectory()
          ? Cifar10Folder.open(whole, check, hadoop)
          : Cifar10Archive.open(whole, check, hadoop);
    } catch (FileNotFoundException e) {
      throw new InputException(
          spoken
              + " does not exist"
              + meaning
              + ": name a folder or a tar.gz in CIFAR-10's binary format, a folder of images or a"
              + " table",
          e);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(spoken, Places.reason(e) + meaning, e);
    }
  }

  private static InputException unreadable(String spoken, String reason, Exception e) {
    return new InputException(
        spoken + " cannot be read (" + reason + "): check it and your access to it", e);
  }
}
