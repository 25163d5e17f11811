package io.involution.optimizer;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.LearningRate;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an optimizer adds to a local step, once per minibatch of any size: the update of the 1.97
 * million parameters of a network with convolutions of 64, 256 and 256 filters, two each: {@code
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=org.openjdk.jmh.Main
 * -Dbench.arguments=Optimizer}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 7, time = 2)
public class OptimizerBenchmark {
  /** The optimizer. */
  @Param({"ADAM", "NESTEROVS", "MUON"})
  private OptimizerChoice optimizer;

  /** Threads of the worker. */
  @Param({"1", "2"})
  private int threads;

  private ComputationGraph graph;
  private INDArray gradient;
  private INDArray numbers;

  /** Builds the network. */
  @Setup
  public void setUp() {
    NativeThreads.useOne();
    ImageChunks.useThreads(threads);
    ComputationGraphConfiguration network = network();
    new LocalRule(OptimizerOptions.of(optimizer, 0.01), LearningRate.constant(0.01))
        .updaters(network);
    graph = NetworkBlueprint.of("deep", network).build();
    gradient = graph.getUpdater().getFlattenedGradientsView();
    numbers = Nd4j.randn(DataType.FLOAT, gradient.shape());
  }

  private static ComputationGraphConfiguration network() {
    GraphBuilder layers =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer("first", block(24).kernelSize(2).build(), "input");
    String above = "first";
    for (int filters : new int[] {64, 64, 256, 256, 256, 256}) {
      String name = above + "+";
      layers.addLayer(name, block(filters).build(), above);
      above = name;
    }
    return layers
        .addLayer("pool", new GlobalPoolingLayer(), above)
        .addLayer("output", new SoftmaxOutput(10), "pool")
        .setOutputs("output")
        .build();
  }

  private static ConvolutionBlock.Builder block(int filters) {
    return new ConvolutionBlock.Builder().nOut(filters);
  }

  /** One update; the gradient is written anew, since the updater overwrites it. */
  @Benchmark
  public INDArray update() {
    gradient.assign(numbers);
    graph
        .getUpdater()
        .update(new DefaultGradient(gradient), 0, 0, 1, LayerWorkspaceMgr.noWorkspaces());
    return gradient;
  }

  /** Frees the network. */
  @TearDown
  public void tearDown() {
    graph.close();
  }
}
