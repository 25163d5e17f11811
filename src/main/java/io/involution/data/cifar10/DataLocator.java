package io.involution.data.cifar10;

import io.involution.data.ExampleSource;
import io.involution.data.FileSystems;
import io.involution.data.synthetic.SyntheticImages;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** From what the user says to where the examples are. */
public final class DataLocator {
  private static final String AUTO = "auto";
  private static final String SYNTHETIC = "synthetic";

  private final Surroundings surroundings;
  private final Configuration hadoop;
  private final int records;

  private DataLocator(Surroundings surroundings, Configuration hadoop, int records) {
    this.surroundings = surroundings;
    this.hadoop = hadoop;
    this.records = records;
  }

  /**
   * What surrounds the job.
   *
   * @param localMaster whether driver and executors are one JVM
   * @param variables environment variables
   * @param cache folder for downloads on the driver's machine
   * @param archive where the official archive can be downloaded
   * @param notices told what is done
   */
  public record Surroundings(
      boolean localMaster,
      Map<String, String> variables,
      java.nio.file.Path cache,
      URI archive,
      Consumer<String> notices) {

    /** Those of this process. */
    public static Surroundings here(boolean localMaster, Consumer<String> notices) {
      Map<String, String> variables = System.getenv();
      String cache = variables.getOrDefault("XDG_CACHE_HOME", "");
      java.nio.file.Path folder =
          cache.isEmpty()
              ? java.nio.file.Path.of(System.getProperty("user.home"), ".cache")
              : java.nio.file.Path.of(cache);
      return new Surroundings(
          localMaster, variables, folder, URI.create(Cifar10Format.ARCHIVE_URL), notices);
    }
  }

  /**
   * Finds the examples.
   *
   * @param data {@code auto}, {@code synthetic}, or a folder or tar.gz on a Hadoop file system
   * @param surroundings what surrounds the job
   * @param hadoop settings of the file systems
   * @throws InputException naming the place and the fix when there are none
   */
  public static ExampleSource locate(String data, Surroundings surroundings, Configuration hadoop) {
    return locate(data, surroundings, hadoop, Cifar10Format.RECORDS);
  }

  public static ExampleSource locate(
      String data, Surroundings surroundings, Configuration hadoop, int records) {
    DataLocator locator = new DataLocator(surroundings, hadoop, records);
    return switch (data) {
      case AUTO -> locator.auto();
      case SYNTHETIC -> SyntheticImages.STANDARD;
      default -> locator.open("--data " + Places.shown(data), data);
    };
  }

  private ExampleSource auto() {
    String home = surroundings.variables().getOrDefault("CIFAR10_HOME", "");
    if (!home.isEmpty()) {
      return open("CIFAR10_HOME=" + Places.shown(home), home);
    }
    if (!surroundings.localMaster()) {
      throw new InputException(
          "--data auto finds nothing that all executors can read: name the data, such as --data hdfs:///data/"
              + Cifar10Format.FOLDER);
    }
    java.nio.file.Path folder = surroundings.cache().resolve(Cifar10Format.FOLDER);
    if (Files.isDirectory(folder)) {
      return open("the cache folder " + folder, folder.toUri().toString());
    }
    java.nio.file.Path archive = surroundings.cache().resolve(Cifar10Format.ARCHIVE);
    if (!Files.exists(archive)) {
      Optional<String> failure =
          new Download(surroundings.archive(), surroundings.notices()).to(archive);
      if (failure.isPresent()) {
        surroundings
            .notices()
            .accept(
                "warning: no CIFAR-10 here (%s); training on the built-in synthetic set instead. Name your own with --data"
                    .formatted(failure.get()));
        return SyntheticImages.STANDARD;
      }
    }
    return open("the cached archive " + archive, archive.toUri().toString());
  }

  private ExampleSource open(String spoken, String place) {
    try {
      Path path = new Path(place);
      FileSystem fileSystem = FileSystems.of(path, hadoop);
      Path whole = fileSystem.makeQualified(path);
      FileStatus status = fileSystem.getFileStatus(whole);
      return status.isDirectory()
          ? Cifar10Folder.open(whole, records, hadoop)
          : Cifar10Archive.open(whole, records, hadoop);
    } catch (FileNotFoundException e) {
      throw new InputException(
          spoken + " does not exist: name a folder or tar.gz of CIFAR-10's binary layout", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          spoken + " cannot be read (" + Places.reason(e) + "): check it and your access to it", e);
    }
  }
}
