package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import java.util.concurrent.TimeUnit;
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
 * The involution network's layers, with ReLU and max-pool, batch 256: {@code mvn -q -f
 * src/bench/pom.xml process-classes -Dbench.main=org.openjdk.jmh.Main
 * -Dbench.arguments=Involution}. The backward pass is measured together with the forward pass that
 * it needs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class InvolutionBenchmark {
  /** Rows and columns of an image: those of the network's three layers. */
  @Param({"32", "16", "8"})
  private int size;

  /** Threads that the layer may use. */
  @Param({"1", "2"})
  private int threads;

  private LayerState state;

  /** Makes the layer. */
  @Setup
  public void setUp() {
    NativeThreads.useOne();
    ImageChunks.useThreads(threads);
    state =
        new LayerState(
            new Involution.Builder()
                .nIn(3)
                .channel(3)
                .groups(1)
                .kernelSize(3)
                .stride(1)
                .reductionRatio(2)
                .relu(true)
                .pool(size > 8)
                .inputGradient(size < 32)
                .build(),
            3,
            size);
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
