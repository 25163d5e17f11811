package io.involution.site;

import io.involution.api.TrainingJob;
import io.involution.api.TrainingResult;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Trains a network from a program. */
public final class TrainFromCode {
  /**
   * Trains.
   *
   * @param context the program's Spark
   * @param out the run's folder
   */
  static double train(JavaSparkContext context, String out) {
    TrainingResult result =
        TrainingJob.on(context)
            .network("involution")
            .data("synthetic")
            .option("train-limit", 256)
            .option("test-limit", 64)
            .option("epochs", 2)
            .out(out)
            .run();
    result.network("involution").history().forEach(System.out::println);
    ComputationGraph graph = result.network("involution").graph();
    System.out.println(graph.numParams() + " parameters in " + result.folder());
    graph.close();
    return result.network("involution").last().testAccuracy();
  }
}
