package io.involution.spark.examples;

import io.involution.config.ExampleOptions;
import io.involution.config.ExampleOptions.ImageSize;
import io.involution.data.Subset;
import io.involution.data.folder.ClassFiles;
import io.involution.data.folder.ClassFolder;
import io.involution.data.folder.FolderLayout;
import io.involution.data.folder.SpreadOrder;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.UserPath;
import io.involution.spark.TaskAnswer;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** A folder of images. */
public final class FolderExamples {
  private static final int TASKS_PER_SLOT = 4;

  private FolderExamples() {}

  /**
   * Opens a folder: the executors list and decode its images.
   *
   * @param data the folder
   * @param options how images are read
   * @param notices receives warnings
   * @throws InputException naming what is wrong and the fix
   */
  public static ClusterExamples open(
      JavaSparkContext context, String data, ExampleOptions options, Consumer<String> notices) {
    FolderLayout layout =
        FolderLayout.find(
            data, options.testData(), options.testFraction() > 0, context.hadoopConfiguration());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    Reading reading =
        new Reading(reading(options), options.testFraction(), options.splitSeed(), hadoop);
    context.setJobDescription("listing and decoding the images");
    List<ClassFolder> folders = layout.folders();
    JavaRDD<TaskAnswer<List<ImageFile>>> listed =
        context.parallelize(folders, folders.size()).map(reading::list);
    listed.cache();
    // The answers without their lists: the driver sees none of the names.
    TaskAnswer.values(listed.map(TaskAnswer::seen).collect());
    int tasks = Math.max(folders.size(), TASKS_PER_SLOT * context.defaultParallelism());
    JavaRDD<Example> examples =
        listed
            .flatMap(answer -> answer.value().iterator())
            .repartition(Math.min(tasks, 10_000))
            .map(reading::read);
    ClusterExamples opened =
        new OpenedExamples("folder", data, layout.classes(), options.unreadable(), notices)
            .of(examples);
    listed.unpersist(false);
    return opened;
  }

  /** How the options read images. */
  static ImageReading reading(ExampleOptions options) {
    Optional<ImageSize> size = options.imageSize();
    return new ImageReading(
        size.map(ImageSize::height).orElse(0),
        size.map(ImageSize::width).orElse(0),
        options.imageChannels().orElse(0));
  }

  /** An image that has been listed. */
  private static final class ImageFile implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ClassFolder folder;
    private final Subset subset;
    private final String path;
    private final byte[] place;

    ImageFile(ClassFolder folder, Subset subset, String path, byte[] place) {
      this.folder = folder;
      this.subset = subset;
      this.path = path;
      this.place = place;
    }
  }

  /** What the executors do. */
  private record Reading(
      ImageReading images,
      double testFraction,
      long seed,
      Broadcast<SerializableConfiguration> settings)
      implements Serializable {

    TaskAnswer<List<ImageFile>> list(ClassFolder folder) {
      return TaskAnswer.of(() -> files(folder));
    }

    private List<ImageFile> files(ClassFolder folder) {
      Map<Subset, List<String>> bySubset = new EnumMap<>(Subset.class);
      for (String path : ClassFiles.list(folder.uri(), hadoop())) {
        bySubset.computeIfAbsent(subset(folder, path), any -> new ArrayList<>()).add(path);
      }
      List<ImageFile> files = new ArrayList<>();
      bySubset.forEach(
          (subset, paths) -> {
            for (int i = 0; i < paths.size(); i++) {
              byte[] place = SpreadOrder.key(i, paths.size(), folder.label());
              files.add(new ImageFile(folder, subset, paths.get(i), order(place, paths.get(i))));
            }
          });
      return files;
    }

    private Subset subset(ClassFolder folder, String path) {
      byte[] identity = (folder.name() + "/" + path).getBytes(StandardCharsets.UTF_8);
      return ContentDigest.isTest(seed, identity, testFraction) ? Subset.TEST : folder.subset();
    }

    private static byte[] order(byte[] place, String path) {
      byte[] name = path.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(place.length + name.length).put(place).put(name).array();
    }

    Example read(ImageFile file) {
      String name = Places.shown(file.folder.uri() + "/" + file.path);
      try {
        byte[] bytes = ClassFiles.readInTask(UserPath.in(file.folder.uri(), file.path), hadoop());
        return Example.of(
            file.subset, name, file.place, file.folder.label(), images.file(bytes, name));
      } catch (InputException e) {
        return Example.unreadable(name, e.getMessage());
      } catch (IllegalArgumentException e) {
        return Example.unreadable(name, name + " cannot be read (" + Places.reason(e) + ")");
      }
    }

    private Configuration hadoop() {
      return settings.value().value();
    }
  }
}
