package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * A BatchNorm and its activation, batch 256, 64 channels of 32 x 32: {@code mvn -q -f
 * src/bench/pom.xml process-classes -Dbench.main=org.openjdk.jmh.Main -Dbench.arguments=Norm}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class NormBenchmark {
  /** The function after the BatchNorm. */
  @Param({"RELU", "GELU"})
  private Activation activation;

  /** Threads that the layer may use. */
  @Param({"1", "2"})
  private int threads;

  private LayerState state;

  /** Makes the layer. */
  @Setup
  public void setUp() {
    NativeThreads.useOne();
    ImageChunks.useThreads(threads);
    BatchNormBlock block = new BatchNormBlock.Builder().nIn(64).activation(activation).build();
    state = new LayerState(block, 64, 32);
  }

  /** Output in training mode. */
  @Benchmark
  public void forward() {
    state.forward().close();
  }

  /** Output and all gradients. */
  @Benchmark
  public void forwardAndBackward() {
    INDArray output = state.forward();
    state.backward();
    output.close();
  }
}
