package io.involution.spark.classify;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.PlainText;
import io.involution.failure.RunFailedException;
import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import io.involution.metrics.Json;
import io.involution.spark.StreamedJob;
import io.involution.spark.TaskAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Classifies a table's images and writes a part for each of its partitions. A part has a marker,
 * and a job that is started again computes those without one: nothing is lost, and as a partition's
 * files have the same names again, nothing doubled.
 */
public final class Classification {
  private static final String PLAN = "_classify.json";
  private static final String SUCCESS = "_SUCCESS";
  private static final int PARTITIONS_PER_SLOT = 4;

  private final JavaSparkContext context;
  private final ImageTable table;
  private final ClassifyTask task;
  private final FolderFiles out;
  private final Consumer<String> lines;
  private final Queue<Part> written = new ConcurrentLinkedQueue<>();

  /**
   * Prepares a job.
   *
   * @param context the cluster
   * @param table the images
   * @param task what the tasks do
   * @param lines receives the lines for the user
   */
  public Classification(
      JavaSparkContext context, ImageTable table, ClassifyTask task, Consumer<String> lines) {
    this.context = context;
    this.table = table;
    this.task = task;
    this.out = FolderFiles.at(task.out(), context.hadoopConfiguration());
    this.lines = lines;
  }

  /**
   * Classifies what is not done yet.
   *
   * @param parameters the network's
   * @param model what identifies the model's file
   * @param job the job's version
   * @throws InputException if the folder holds something else, or the images cannot be read
   * @throws RunFailedException if the folder has no room
   */
  public void run(float[] parameters, String model, String job) {
    Optional<Map<String, String>> before = plan();
    int least =
        before
            .map(plan -> leastPartitions(plan))
            .orElse(PARTITIONS_PER_SLOT * context.defaultParallelism());
    ImageTable.Opened opened = table.open(least, context);
    int partitions = opened.rows().getNumPartitions();
    Map<String, String> plan = plan(opened, least);
    plan.put("model", model);
    plan.put("job_version", job);
    if (before.isEmpty()) {
      begin(plan);
    }
    // Another job may have begun while this one listed its files.
    plan().ifPresent(known -> requireSame(known, plan));
    TreeMap<Integer, Part> done = Part.done(out);
    Set<Integer> missing = new TreeSet<>(IntStream.range(0, partitions).boxed().toList());
    missing.removeAll(done.keySet());
    if (!done.isEmpty() && !missing.isEmpty()) {
      lines.accept(done.size() + " of " + partitions + " partitions are done: going on");
    }
    ClassifyProgress progress = new ClassifyProgress(partitions, done.values(), lines);
    if (!missing.isEmpty()) {
      compute(opened.rows(), missing, parameters, progress);
      requireFound();
    }
    out.write(SUCCESS, new byte[0], Durability.ON_DISK);
    progress.warning().map(PlainText::line).ifPresent(lines);
    lines.accept(progress.summary(out.location()));
  }

  /** Whether a part has been written: what is started again has less to do. */
  public boolean hasWritten() {
    return !written.isEmpty();
  }

  /** A path of the machine's own is another folder on each: the parts are where the tasks ran. */
  private void requireFound() {
    long found = Part.found(out, written);
    if (found < written.size()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--out %s has %d of the %d partitions that were written: name a folder that the driver"
                  + " and all executors share",
              out.location(),
              found,
              written.size()));
    }
  }

  /** The first file in the folder, by the first job: what fails here has done nothing. */
  private void begin(Map<String, String> plan) {
    try {
      if (out.length(PLAN).orElse(-1) == 0) {
        // Of a driver that died between the name and the content.
        out.write(PLAN, Json.pretty(plan), Durability.ON_DISK);
      } else {
        out.claim(PLAN, Json.pretty(plan));
      }
    } catch (RunFailedException e) {
      throw new InputException("--out: " + e.getMessage(), e);
    }
  }

  /** Computes partitions that are missing. */
  private void compute(
      JavaRDD<Row> rows, Set<Integer> missing, float[] parameters, ClassifyProgress progress) {
    Broadcast<float[]> network = context.broadcast(parameters);
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    ClassifyTask work = task;
    JavaRDD<TaskAnswer<Part>> parts =
        rows.mapPartitionsWithIndex(
            (part, each) ->
                List.of(work.run(part, each, network.value(), hadoop.value().value())).iterator(),
            true);
    String group = "classify-" + UUID.randomUUID();
    AtomicReference<RuntimeException> fault = new AtomicReference<>();
    try {
      context.setJobGroup(group, "classifying the images");
      StreamedJob.run(
          StreamedJob.only(parts.rdd(), missing),
          TaskAnswer.class,
          each -> each.next(),
          (answer, place) -> {
            if (answer.value() instanceof Part part) {
              progress.add(part);
              written.add(part);
            } else if (fault.compareAndSet(null, answer.failure())) {
              context.cancelJobGroup(group);
            }
          });
      // Spark throws what Scala does not declare.
    } catch (Exception e) {
      requireNone(fault.get(), e);
      throw e;
    } finally {
      context.clearJobGroup();
      network.destroy();
      hadoop.destroy();
    }
    requireNone(fault.get(), null);
  }

  /** A model that cannot be used, or a disk without room, is the same for all partitions. */
  private static void requireNone(RuntimeException fault, Exception cancelled) {
    if (fault != null) {
      Optional.ofNullable(cancelled).ifPresent(fault::addSuppressed);
      throw fault;
    }
  }

  /** What the folder holds; empty for a folder that is new or empty. */
  private Optional<Map<String, String>> plan() {
    Optional<byte[]> bytes = out.read(PLAN).filter(content -> content.length > 0);
    if (bytes.isEmpty()) {
      if (!List.of(PLAN).containsAll(out.list(""))) {
        throw new InputException(
            "--out "
                + out.location()
                + " holds files of something else: name a new or empty folder");
      }
      return Optional.empty();
    }
    try {
      Map<String, String> plan = new LinkedHashMap<>();
      JsonNode tree = Json.tree(bytes.get());
      tree.fieldNames().forEachRemaining(key -> plan.put(key, tree.path(key).asText()));
      return Optional.of(plan);
    } catch (IOException e) {
      throw new InputException(
          out.location() + "/" + PLAN + " is damaged: name a new folder with --out", e);
    }
  }

  private static int leastPartitions(Map<String, String> plan) {
    String least = plan.getOrDefault("least_partitions", "");
    // If it is no such number, the plans differ.
    return least.matches("[1-9]\\d{0,8}") ? Integer.parseInt(least) : 1;
  }

  /** What decides the partitions and their rows, apart from the model and the job. */
  private Map<String, String> plan(ImageTable.Opened opened, int least) {
    Map<String, String> plan = new LinkedHashMap<>();
    plan.put("data", Places.shown(table.data()));
    plan.put("format", table.format());
    plan.put("image_column", table.image());
    plan.put("key_column", table.key().orElse(""));
    plan.put("explain", String.valueOf(task.explain()));
    plan.put("size_columns", table.size().orElse(""));
    plan.put("files", opened.files());
    plan.put("spark_version", context.version());
    plan.put("least_partitions", String.valueOf(least));
    plan.put("partitions", String.valueOf(opened.rows().getNumPartitions()));
    return plan;
  }

  private void requireSame(Map<String, String> before, Map<String, String> now) {
    List<String> different = new ArrayList<>();
    now.forEach(
        (key, value) -> {
          if (!value.equals(before.get(key))) {
            different.add(key + ": " + before.get(key) + " there, " + value + " here");
          }
        });
    if (!different.isEmpty()) {
      throw new InputException(
          PlainText.line(
              "--out "
                  + out.location()
                  + " holds the classification of something else ("
                  + String.join("; ", different)
                  + "): name a new folder"));
    }
  }
}
