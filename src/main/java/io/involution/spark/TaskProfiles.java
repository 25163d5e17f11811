package io.involution.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.ResourceProfileManager;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * The resources that the tasks of a stage need. Training needs what Spark's settings say: a GPU per
 * task, or several cores. Reading needs one core and no GPU, so that more tasks run at once than
 * there are GPUs. An evaluation on CPUs needs no GPU either, but as many cores as training; on GPUs
 * each task keeps a whole GPU: Spark divides GPUs by spark.task.resource.gpu.amount, for all stages
 * alike.
 *
 * <p>Only standalone, YARN and Kubernetes support profiles of tasks alone, and only without dynamic
 * allocation. Elsewhere every stage needs the same.
 *
 * <p><b>Spark keeps the profile in the RDD itself, and a stage has the profile of its RDDs, which
 * must not differ.</b> So an RDD of shards, which one kind of stage reads and others use, is
 * switched in place between them, by the methods called {@code switchTo...} and nowhere else.
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
    if (!knowsProfiles(conf) || (cores == 1 && !gpus)) {
      return new TaskProfiles(training, training, training);
    }
    return new TaskProfiles(
        training,
        withoutGpu(manager, 1),
        gpus && evaluatesOnCpu ? withoutGpu(manager, cores) : training);
  }

  static boolean knowsProfiles(SparkConf conf) {
    String master = conf.get("spark.master");
    boolean cluster =
        master.startsWith("spark://")
            || master.startsWith("local-cluster[")
            || master.startsWith("k8s://")
            || master.equals("yarn");
    return cluster && !conf.getBoolean("spark.dynamicAllocation.enabled", false);
  }

  /** The existing one, if there is one, so that the cells of an experiment share it. */
  private static ResourceProfile withoutGpu(ResourceProfileManager manager, int cores) {
    ResourceProfile made =
        new ResourceProfileBuilder().require(new TaskResourceRequests().cpus(cores)).build();
    var known = manager.getEquivalentProfile(made);
    return known.isDefined() ? known.get() : made;
  }

  /** From now on, stages with this RDD read data. */
  public void switchToReading(JavaRDD<?> rdd) {
    switchTo(reading, rdd);
  }

  /** From now on, stages with this RDD train. */
  public void switchToTraining(JavaRDD<?> rdd) {
    switchTo(training, rdd);
  }

  /** From now on, stages with this RDD evaluate. */
  public void switchToEvaluation(JavaRDD<?> rdd) {
    switchTo(evaluation, rdd);
  }

  private void switchTo(ResourceProfile profile, JavaRDD<?> rdd) {
    // Where all profiles are the same, the RDD is left alone.
    if (reading.id() != training.id()) {
      rdd.withResources(profile);
    }
  }
}
