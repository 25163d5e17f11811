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
 * The convolution network's three blocks and some of deeper networks, batch 256: {@code mvn -q -f
 * src/bench/pom.xml process-classes -Dbench.main=org.openjdk.jmh.Main
 * -Dbench.arguments=Convolution}. The backward pass can only be run after a forward pass, so it is
 * measured together with one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class ConvolutionBenchmark {
  /** Which block: of the convolution network, or of deeper ones. */
  @Param({"conv1", "conv2", "conv3", "pointwise", "deep", "whitening"})
  private String block;

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
        switch (block) {
          case "conv1" ->
              new LayerState(
                  new ConvolutionBlock.Builder()
                      .nIn(3)
                      .nOut(32)
                      .pool(true)
                      .inputGradient(false)
                      .build(),
                  3,
                  32);
          case "conv2" ->
              new LayerState(
                  new ConvolutionBlock.Builder().nIn(32).nOut(64).pool(true).build(), 32, 16);
          case "pointwise" -> new LayerState(linear(64, 256, 1).build(), 64, 16);
          case "deep" -> new LayerState(linear(256, 256, 3).build(), 256, 7);
          case "whitening" ->
              new LayerState(
                  linear(3, 24, 2).same(false).inputGradient(false).trained(false).build(), 3, 32);
          default -> new LayerState(new ConvolutionBlock.Builder().nIn(64).nOut(64).build(), 64, 8);
        };
  }

  private static ConvolutionBlock.Builder linear(int channels, int filters, int size) {
    return new ConvolutionBlock.Builder()
        .nIn(channels)
        .nOut(filters)
        .kernelSize(size)
        .bias(false)
        .activation(Activation.IDENTITY);
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
