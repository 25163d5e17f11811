package io.involution.data.folder;

import io.involution.data.DataSchema;
import io.involution.data.Subset;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where the classes of a folder of images are. Names that begin with a dot or an underscore are
 * skipped, as everywhere in Hadoop: {@code .DS_Store}, {@code _SUCCESS}.
 *
 * @param classes names of the classes, in byte order
 * @param folders the folders of the classes' images
 */
public record FolderLayout(List<String> classes, List<ClassFolder> folders) {
  private static final String TRAIN = "train";
  private static final String TEST = "test";

  /**
   * Looks for the classes' folders; their images are not listed.
   *
   * @param data the folder as the user named it: it has a folder {@code train}, or those of the
   *     classes, of which one may be called {@code train} too
   * @param testData the folder of the test images; empty for {@code test} in the data's folder
   * @param split whether some of the training images become test images
   * @throws InputException naming what is missing or wrong
   */
  public static FolderLayout find(
      String data, Optional<String> testData, boolean split, Configuration hadoop) {
    List<Path> above = folders("--data", data, hadoop);
    Optional<String> train = train(data, above, testData, hadoop);
    Optional<String> test = named(above, TEST);
    if (train.isEmpty() && test.isPresent()) {
      throw new InputException(
          "--data "
              + Places.shown(data)
              + " has a folder test, but no folder train: add it, or rename test if it is a class");
    }
    if (split && test.isPresent()) {
      throw new InputException(
          "--data "
              + Places.shown(data)
              + " has a folder test: leave out --test-fraction, or name its folder train");
    }
    Optional<String> testRoot = testData.or(() -> test);
    if (testRoot.isEmpty() && !split) {
      throw new InputException(
          "--data "
              + Places.shown(data)
              + " has no test images: add --test-fraction 0.1, or folders train and test in it");
    }
    List<Path> classes = sorted(train.map(root -> folders("--data", root, hadoop)).orElse(above));
    List<String> names = classes.stream().map(Path::getName).toList();
    requireClasses(train.orElse(data), names);
    List<ClassFolder> all = new ArrayList<>();
    classes.forEach(path -> all.add(folder(Subset.TRAIN, names, path)));
    testRoot.ifPresent(
        root ->
            sorted(folders("--test-data", root, hadoop))
                .forEach(path -> all.add(testFolder(names, path))));
    return new FolderLayout(names, List.copyOf(all));
  }

  /** The folder of the training images; empty if the classes' folders are beside each other. */
  private static Optional<String> train(
      String data, List<Path> above, Optional<String> testData, Configuration hadoop) {
    Optional<String> train = named(above, TRAIN);
    if (train.isEmpty()
        || above.size() == 1
        || named(above, TEST).isPresent()
        || testData.filter(test -> UserPath.isWithin(test, data, hadoop)).isPresent()) {
      return train;
    }
    if (!folders("--data", train.get(), hadoop).isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--data %s has a folder train beside others: name %s if the classes are in it, or"
                  + " rename it if it is a class itself",
              Places.shown(data),
              Places.shown(train.get())));
    }
    // Images without classes: it is a class of that name.
    return Optional.empty();
  }

  private static ClassFolder testFolder(List<String> names, Path path) {
    if (!names.contains(path.getName())) {
      throw new InputException(
          Places.shown(path.toString())
              + " is of a class without training images: remove it, or add them");
    }
    return folder(Subset.TEST, names, path);
  }

  private static ClassFolder folder(Subset subset, List<String> names, Path path) {
    return new ClassFolder(subset, names.indexOf(path.getName()), path.getName(), path.toString());
  }

  private static void requireClasses(String place, List<String> names) {
    if (names.size() < 2 || names.size() > DataSchema.MOST_CLASSES) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has %s: a folder for each of 2 to 10,000 classes is needed",
              Places.shown(place),
              names.isEmpty()
                  ? "no folders of classes"
                  : names.size() == 1
                      ? "the folder of one class only, " + Places.shown(names.get(0))
                      : String.format(Locale.ROOT, "folders of %,d classes", names.size())));
    }
    for (String name : names) {
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw new InputException(
            "the name of the class "
                + Places.shown(name.replaceAll("\\p{Cntrl}", "?"))
                + " has a control character: rename its folder");
      }
    }
  }

  private static Optional<String> named(List<Path> paths, String name) {
    return paths.stream()
        .filter(path -> path.getName().equals(name))
        .map(Path::toString)
        .findFirst();
  }

  private static List<Path> folders(String option, String root, Configuration hadoop) {
    try {
      Path path = UserPath.of(root);
      FileSystem fileSystem = FileSystems.of(path, hadoop);
      return Arrays.stream(fileSystem.listStatus(fileSystem.makeQualified(path)))
          .filter(FileStatus::isDirectory)
          .map(FileStatus::getPath)
          .filter(folder -> !isHidden(folder))
          .toList();
    } catch (FileNotFoundException e) {
      throw new InputException(option + " " + Places.shown(root) + " does not exist: check it", e);
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      // Web servers have no lists.
      throw UserPath.refused(
          option + " %s cannot be read (%s): check it and your access to it", root, e, hadoop);
    }
  }

  /** Whether a file or folder is none of the user's. */
  static boolean isHidden(Path path) {
    return path.getName().startsWith(".") || path.getName().startsWith("_");
  }

  private static List<Path> sorted(List<Path> paths) {
    return paths.stream().sorted((a, b) -> compare(a.getName(), b.getName())).toList();
  }

  /** Compares texts by their bytes in UTF-8. */
  public static int compare(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
