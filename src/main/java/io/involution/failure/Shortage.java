package io.involution.failure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Something that a machine has run out of. Tasks' failures reach the driver as text only, so it is
 * known by its words. In the order of causes: a full disk makes Spark's folder unusable, and not
 * the other way around.
 */
public enum Shortage {
  /** ND4J's memory outside the heap: what JavaCPP says of its two limits. */
  NATIVE(
      "ND4J needs more memory outside the heap than it may have: raise"
          + " -Dorg.bytedeco.javacpp.maxbytes and maxphysicalbytes in the Java options together"
          + " with memoryOverhead, or lower --batch-size or the tasks of an executor",
      "Physical memory usage is too high",
      "Cannot allocate new ",
      "Failed to allocate"),

  /** Threads, of the user or of the container. */
  THREADS(
      "the system allows no more threads: raise the limit (ulimit -u) or lower --workers",
      "unable to create native thread"),

  /** The Java heap. */
  HEAP(
      "the Java heap is too small: raise --driver-memory or --executor-memory, or lower --workers",
      "java.lang.OutOfMemoryError",
      "SparkOutOfMemoryError",
      "exited with code 52",
      "exit code: 52"),

  /** Memory of the machine or the container, taken by the system. */
  CONTAINER(
      "the system ended an executor, most likely because it took too much memory: raise"
          + " spark.executor.memoryOverhead or lower the tasks of an executor",
      "exited with code 137",
      "exit code: 137",
      "Container killed by YARN for exceeding"),

  /** A disk or a quota. */
  DISK(
      "no space is left%2$s (%1$s): make room, or choose another place%3$s",
      "No space left on device", "Disk quota exceeded", "not enough space"),

  /** Spark's folders for temporary files. */
  SPARK_FOLDER(
      "a folder cannot be used%2$s (%1$s): keep it, with free space, as long as the job runs, or"
          + " set another one with spark.local.dir",
      "Failed to create local dir",
      "Failed to create a temp directory",
      "Failed to get a temp directory",
      "exited with code 53",
      "exit code: 53",
      "blockmgr-",
      "temp_shuffle_",
      "temp_local_");

  /** Frames of an error's trace that tell where memory was asked for. */
  private static final int FRAMES = 10;

  /** What else JavaCPP cannot allocate: its classes alone are named by other failures too. */
  private static final Pattern OF_JAVACPP =
      Pattern.compile(
          "OutOfMemoryError[^\\n]*(\\n\\tat [^\\n]*){0,"
              + (FRAMES - 1)
              + "}\\n\\tat [^\\n]*org\\.bytedeco\\.javacpp");

  private static final int MOST_CHARACTERS = 100_000;
  private static final Pattern SPARK_PLACE = Pattern.compile("(/[^\\s,:)]*?)/(?:blockmgr|spark)-");
  private static final List<String> SPARK_WORDS =
      List.of("blockmgr-", "temp_shuffle_", "temp_local_", "org.apache.spark.storage.Disk");

  private final String line;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> words;

  Shortage(String line, String... words) {
    this.line = line;
    this.words = List.of(words);
  }

  /** What has run out, if a failure comes from a shortage. */
  public static Optional<Shortage> of(Throwable failure) {
    String text = text(failure);
    return Stream.of(values()).filter(shortage -> shortage.isIn(text)).findFirst();
  }

  /** The problem and the fix, if a failure comes from a shortage. */
  public static Optional<String> line(Throwable failure) {
    String place = place(text(failure));
    return of(failure)
        .map(
            shortage ->
                String.format(
                    Locale.ROOT,
                    shortage.line,
                    Places.reason(Causes.root(failure)),
                    place,
                    place.isEmpty() ? "" : " with spark.local.dir"));
  }

  private boolean isIn(String text) {
    return words.stream().anyMatch(text::contains)
        || (this == NATIVE && OF_JAVACPP.matcher(text).find());
  }

  /** Spark's folder, where it is what a failure names. */
  private static String place(String text) {
    if (SPARK_WORDS.stream().noneMatch(text::contains)) {
      return "";
    }
    Matcher folder = SPARK_PLACE.matcher(text);
    return folder.find()
        ? " in Spark's folder " + folder.group(1)
        : " in Spark's folder for temporary files";
  }

  private static String text(Throwable failure) {
    StringBuilder text = new StringBuilder();
    Causes.of(failure)
        .forEach(
            cause -> {
              String message = cause.toString();
              text.append(message, 0, Math.min(message.length(), MOST_CHARACTERS)).append('\n');
              if (cause instanceof OutOfMemoryError) {
                Stream.of(cause.getStackTrace())
                    .limit(FRAMES)
                    .forEach(place -> text.append("\tat ").append(place).append('\n'));
              }
            });
    return text.toString();
  }
}
