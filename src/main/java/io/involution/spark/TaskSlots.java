package io.involution.spark;

import io.involution.failure.InputException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** Counts the tasks that the cluster can run at once, and waits until a run has enough. */
public final class TaskSlots {
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*\\d+\\s*\\]");
  private static final Duration POLL = Duration.ofMillis(100);

  /** Executors of one cluster start within so much of each other. */
  private static final Duration SETTLED = Duration.ofSeconds(3);

  private final IntSupplier slots;
  private final int expected;
  private final int most;
  private final boolean local;
  private final IntFunction<ExecutorDemand> demand;
  private final Duration settled;
  private final Consumer<String> notices;

  /**
   * Watches a cluster.
   *
   * @param session the cluster
   * @param notices receives a message about what the run waits for
   */
  public TaskSlots(ClusterSession session, Consumer<String> notices) {
    SparkContext context = session.context().sc();
    // The scheduler's own count, including resources such as GPUs. It is private in Scala only.
    this.slots =
        () -> {
          // A standalone master that is given up ends the application in the background.
          session.requireAlive();
          return context.maxNumConcurrentTasks(
              context.resourceProfileManager().defaultResourceProfile());
        };
    this.expected = expected(session.context().getConf());
    this.most = most(session.context().getConf());
    this.local = session.isLocal();
    this.settled = isCounted(session.context().getConf()) ? Duration.ZERO : SETTLED;
    this.demand =
        isDynamic(session.context().getConf())
            ? tasks -> ExecutorDemand.of(session.context(), tasks)
            : tasks -> ExecutorDemand.none();
    this.notices = notices;
  }

  TaskSlots(
      IntSupplier slots, int expected, boolean local, Duration settled, Consumer<String> notices) {
    this.slots = slots;
    this.settled = settled;
    this.expected = expected;
    this.most = 0;
    this.local = local;
    this.demand = tasks -> ExecutorDemand.none();
    this.notices = notices;
  }

  /**
   * The number of workers of a run: the number that the user asked for, or one per task slot.
   *
   * @param wanted number of workers asked for
   * @param wait how long to wait for task slots
   * @throws InputException when there are fewer task slots than workers in time
   */
  public int workers(Optional<Integer> wanted, Duration wait) {
    int needed = wanted.orElse(expected);
    int found = await(needed, local ? Duration.ZERO : wait);
    if (wanted.isEmpty()) {
      if (found == 0) {
        throw tooFew(found, 1, wait);
      }
      return settle(found, wait);
    }
    if (found < needed && !local) {
      throw tooFew(found, needed, wait);
    }
    if (found < needed) {
      notices.accept(
          String.format(
              Locale.ROOT,
              "%d workers on %d task slots: each round takes several waves",
              needed,
              found));
    }
    return needed;
  }

  /** Tasks that can run at once now. */
  public int now() {
    return slots.getAsInt();
  }

  /**
   * Tasks that can run at once when dynamic allocation has added all executors that it may; without
   * it, as many as now.
   *
   * @return {@link Integer#MAX_VALUE} if nothing limits the executors
   */
  public int most() {
    return Math.max(now(), most);
  }

  /** The slots once no more of them have come for a while: nothing says how many there will be. */
  private int settle(int first, Duration wait) {
    int found = first;
    long since = System.nanoTime();
    long deadline = since + wait.toNanos();
    while (System.nanoTime() - since < settled.toNanos() && System.nanoTime() < deadline) {
      sleep();
      int now = now();
      if (now != found) {
        found = now;
        since = System.nanoTime();
      }
    }
    return found;
  }

  private int await(int needed, Duration wait) {
    int found = now();
    if (found >= needed || wait.isZero()) {
      return found;
    }
    ExecutorDemand waiting = demand.apply(needed);
    try {
      return poll(needed, wait, waiting);
    } finally {
      waiting.end();
    }
  }

  private int poll(int needed, Duration wait, ExecutorDemand waiting) {
    long deadline = System.nanoTime() + wait.toNanos();
    long notice = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    int found = now();
    while (found < needed && System.nanoTime() < deadline) {
      if (System.nanoTime() > notice) {
        notices.accept(
            String.format(
                Locale.ROOT,
                "waiting for task slots: %d of %d so far, for up to %d s",
                found,
                needed,
                wait.toSeconds()));
        notice = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      }
      waiting.check();
      sleep();
      found = now();
    }
    return found;
  }

  private static InputException tooFew(int found, int needed, Duration wait) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "%d task slots after %d s, but %d workers need one each: lower --workers, ask for more"
                + " executors, or raise --wait-for-slots",
            found,
            wait.toSeconds(),
            needed));
  }

  /** The number of task slots according to the configuration; 1 if it is not set. */
  static int expected(SparkConf conf) {
    Matcher cluster = LOCAL_CLUSTER.matcher(conf.get("spark.master", ""));
    if (cluster.matches()) {
      int executors = Integer.parseInt(cluster.group(1));
      return executors * (Integer.parseInt(cluster.group(2)) / conf.getInt("spark.task.cpus", 1));
    }
    int instances = conf.getInt("spark.executor.instances", 1);
    if (isDynamic(conf)) {
      // Spark itself determines the initial number of executors like this.
      instances = Math.max(instances, conf.getInt("spark.dynamicAllocation.initialExecutors", 0));
      instances = Math.max(instances, conf.getInt("spark.dynamicAllocation.minExecutors", 0));
    }
    return Math.max(1, instances * tasksPerExecutor(conf));
  }

  private static int tasksPerExecutor(SparkConf conf) {
    int tasks = conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1);
    double taskGpus = conf.getDouble("spark.task.resource.gpu.amount", 0);
    return taskGpus > 0
        ? Math.min(tasks, (int) (conf.getInt("spark.executor.resource.gpu.amount", 0) / taskGpus))
        : tasks;
  }

  /** The number of task slots that dynamic allocation may add executors for; 0 without it. */
  static int most(SparkConf conf) {
    // Spark itself leaves it out on a local master.
    if (!isDynamic(conf) || ClusterSession.isLocal(conf.get("spark.master", ""))) {
      return 0;
    }
    long executors = conf.getInt("spark.dynamicAllocation.maxExecutors", Integer.MAX_VALUE);
    return (int) Math.min(Integer.MAX_VALUE, executors * tasksPerExecutor(conf));
  }

  /** Whether the configuration says how many executors there will be at first. */
  static boolean isCounted(SparkConf conf) {
    return isDynamic(conf)
        || conf.contains("spark.executor.instances")
        || conf.get("spark.master", "").startsWith("local");
  }

  private static boolean isDynamic(SparkConf conf) {
    return conf.getBoolean("spark.dynamicAllocation.enabled", false);
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for task slots", e);
    }
  }
}
