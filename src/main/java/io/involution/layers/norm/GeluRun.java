package io.involution.layers.norm;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.Contiguous;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running layer of a GELU, whose backward pass computes what it needs from the input. */
public final class GeluRun extends AbstractLayer<NoParamLayer> {
  private static final long serialVersionUID = 1L;

  /** For a network of float32 or float64. */
  public GeluRun(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  /** There is no weight noise without weights. */
  @Override
  public void clearNoiseWeightParams() {}

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    input = Contiguous.of(input, dataType, ArrayType.INPUT, workspaces);
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, input.shape(), 'c');
    Pass.of(dataType, input, output).activate();
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray given = Contiguous.of(epsilon, dataType, ArrayType.BP_WORKING_MEM, workspaces);
    INDArray inputGradient =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    Pass.of(dataType, input, inputGradient).slopes(given);
    return new Pair<>(new DefaultGradient(), backpropDropOutIfPresent(inputGradient));
  }

  /** One pass over an array, image by image in short stretches. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pass<A>(
      RealArrays<A> reals, NormLoops<A> loops, NativeReals<A> from, NativeReals<A> to, int[] size) {

    static Pass<?> of(DataType type, INDArray from, INDArray to) {
      return of(RealArrays.of(type), from, to);
    }

    private static <A> Pass<A> of(RealArrays<A> reals, INDArray from, INDArray to) {
      int images = Math.toIntExact(from.size(0));
      int[] size = {images, Math.toIntExact(from.length() / images)};
      NormLoops<A> loops = NormLoops.of(reals);
      return new Pass<>(reals, loops, reals.view(from), reals.view(to), size);
    }

    void activate() {
      run(
          (at, own, count) -> {
            from.get(at, own.output, 0, count);
            loops.activate(own.output, Nonlinearity.GELU, count);
            to.put(at, own.output, 0, count);
          });
    }

    void slopes(INDArray epsilon) {
      NativeReals<A> given = reals.view(epsilon);
      run(
          (at, own, count) -> {
            from.get(at, own.output, 0, count);
            given.get(at, own.gradient, 0, count);
            loops.slopes(own.gradient, own.output, Nonlinearity.GELU, count);
            to.put(at, own.gradient, 0, count);
          });
    }

    private void run(Stretch<A> body) {
      ImageChunks.run(
          size[0],
          (thread, chunk) -> {
            NormLines<A> own = new NormLines<>(reals);
            int end = chunk.to() * size[1];
            for (int at = chunk.from() * size[1]; at < end; at += NormBlocks.MOST) {
              body.run(at, own, Math.min(NormBlocks.MOST, end - at));
            }
          });
    }
  }

  /** The work on some values. */
  @FunctionalInterface
  private interface Stretch<A> {
    void run(int at, NormLines<A> own, int count);
  }
}
