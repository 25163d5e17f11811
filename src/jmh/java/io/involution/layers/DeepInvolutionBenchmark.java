package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import java.util.Arrays;
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
 * Layers of deep involution networks, batch 256: {@code mvn -q -f src/bench/pom.xml process-classes
 * -Dbench.main=org.openjdk.jmh.Main -Dbench.arguments=DeepInvolution}. The backward pass is
 * measured together with the forward pass that it needs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class DeepInvolutionBenchmark {
  /** Channels, rows and columns of an image, kernel size, groups. */
  @Param({"64,15,5,4", "256,7,5,16", "64,32,7,4"})
  private String layer;

  /** Threads that the layer may use. */
  @Param({"1", "2"})
  private int threads;

  private LayerState state;

  /** Makes the layer. */
  @Setup
  public void setUp() {
    NativeThreads.useOne();
    ImageChunks.useThreads(threads);
    int[] sizes = Arrays.stream(layer.split(",")).mapToInt(Integer::parseInt).toArray();
    Involution involution =
        new Involution.Builder()
            .nIn(sizes[0])
            .kernelSize(sizes[2])
            .groups(sizes[3])
            .contiguous()
            .reductionRatio(4)
            .build();
    state = new LayerState(involution, sizes[0], sizes[1]);
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
