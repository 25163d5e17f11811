package io.involution.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.ResourceProfileManager;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * What the tasks of a stage need. Training needs what Spark's settings say: a GPU each, or several
 * cores. Reading needs one core and no GPU, so that it takes more slots than there are GPUs; so
 * does an evaluation that the CPU computes, with as many cores as training. One that a GPU computes
 * keeps its GPU whole: Spark 3.5 cuts a GPU as spark.task.resource.gpu.amount says, and for all
 * stages alike.
 *
 * <p>Only standalone, YARN and Kubernetes know profiles of tasks alone, and only without dynamic
 * allocation. Elsewhere every stage needs the same.
 *
 * <p>A stage has the profile of the RDDs in it, and two that differ are refused. So shards, which
 * are read in one stage and used in others, change theirs in between.
 */
public final class TaskProfiles {
  private final ResourceProfile training;
  private final ResourceProfile reading;
  private final ResourceProfile evaluation;

  private TaskProfiles(
      ResourceProfile training, ResourceProfile reading, ResourceProfile evaluation) {
    this.training = training;
    this.reading = reading;
    this.evaluation = evaluation;
  }

  /**
   * The profiles of a cluster.
   *
   * @param context the cluster
   * @param evaluatesOnCpu whether the CPU computes evaluations
   */
  public static TaskProfiles of(JavaSparkContext context, boolean evaluatesOnCpu) {
    SparkConf conf = context.getConf();
    ResourceProfileManager manager = context.sc().resourceProfileManager();
    ResourceProfile training = manager.defaultResourceProfile();
    int cores = conf.getInt("spark.task.cpus", 1);
    boolean gpus = conf.getDouble("spark.task.resource.gpu.amount", 0) > 0;
    if (!knowsProfiles(conf, context.version()) || (cores == 1 && !gpus)) {
      return new TaskProfiles(training, training, training);
    }
    return new TaskProfiles(
        training,
        withoutGpu(manager, 1),
        gpus && evaluatesOnCpu ? withoutGpu(manager, cores) : training);
  }

  /** Spark 3.5.0 refuses them on YARN (SPARK-45250) and on Kubernetes (SPARK-45495). */
  static boolean knowsProfiles(SparkConf conf, String version) {
    String master = conf.get("spark.master");
    boolean cluster =
        master.startsWith("spark://")
            || master.startsWith("local-cluster[")
            || ((master.startsWith("k8s://") || master.equals("yarn")) && !version.equals("3.5.0"));
    return cluster && !conf.getBoolean("spark.dynamicAllocation.enabled", false);
  }

  /** The one that is there, so that the cells of an experiment share it. */
  private static ResourceProfile withoutGpu(ResourceProfileManager manager, int cores) {
    ResourceProfile made =
        new ResourceProfileBuilder().require(new TaskResourceRequests().cpus(cores)).build();
    var known = manager.getEquivalentProfile(made);
    return known.isDefined() ? known.get() : made;
  }

  /** From now on, stages with this RDD read. */
  public <T> JavaRDD<T> reading(JavaRDD<T> rdd) {
    return with(rdd, reading);
  }

  /** From now on, stages with this RDD train. */
  public <T> JavaRDD<T> training(JavaRDD<T> rdd) {
    return with(rdd, training);
  }

  /** From now on, stages with this RDD evaluate. */
  public <T> JavaRDD<T> evaluation(JavaRDD<T> rdd) {
    return with(rdd, evaluation);
  }

  /** Spark changes the RDD itself. Where all profiles are the same it is left alone. */
  private <T> JavaRDD<T> with(JavaRDD<T> rdd, ResourceProfile profile) {
    return reading.id() == training.id() ? rdd : rdd.withResources(profile);
  }
}
