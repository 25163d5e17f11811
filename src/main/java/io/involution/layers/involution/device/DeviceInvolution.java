package io.involution.layers.involution.device;

import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;
import java.util.Map;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The involution built from ND4J's operations alone, for backends whose arrays are not in this
 * process's memory. Inside, arrays are [C, N, H, W], so that a 1x1 convolution is one matrix
 * product, and the backward formulas are written by hand.
 */
@SuppressWarnings("try") // the scopes out of workspaces are there to be closed only
public final class DeviceInvolution implements InvolutionPath {
  private final InvolutionShape shape;
  private final ParameterOffsets offsets;
  private final DevicePatches patches;
  private final DevicePool pool;
  private boolean batch;
  private Map<String, INDArray> weights;
  private INDArray mean;
  private INDArray inverseRoot;

  /** A path for images of one size. */
  public DeviceInvolution(InvolutionShape shape) {
    this.shape = shape;
    offsets = shape.offsets();
    patches = new DevicePatches(shape);
    pool = new DevicePool(shape);
  }

  /** What a pass computes from its input on the way to the output. */
  private record Pass(INDArray padded, INDArray source, INDArray normal, INDArray activated) {}

  @Override
  public void forward(INDArray input, INDArray vector, boolean training, INDArray output) {
    batch = training;
    // What the backward pass needs must outlive the forward pass's workspace.
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      weights = offsets.views(vector);
      Pass pass = generate(input, true);
      output.assign(pool.forward(involve(pass)).permute(1, 0, 2, 3));
    }
  }

  /** Computes everything up to the ReLU of the BatchNorm and, if {@code first}, the statistics. */
  private Pass generate(INDArray input, boolean first) {
    INDArray padded = patches.pad(input);
    INDArray average = patches.average(padded);
    INDArray source = average.reshape('c', shape.channels, average.length() / shape.channels);
    INDArray reduced = weights.get(ParameterOffsets.REDUCE_WEIGHTS).mmul(source);
    reduced.addiColumnVector(column(ParameterOffsets.REDUCE_BIAS));
    if (first) {
      statistics(reduced);
    }
    INDArray normal = reduced.subiColumnVector(mean).muliColumnVector(inverseRoot);
    INDArray activated = normal.mulColumnVector(column(ParameterOffsets.GAMMA));
    activated.addiColumnVector(column(ParameterOffsets.BETA));
    return new Pass(padded, source, normal, Nd4j.math().max(activated, zerosLike(activated)));
  }

  private static INDArray zerosLike(INDArray array) {
    return Nd4j.zerosLike(array);
  }

  private INDArray column(String key) {
    INDArray values = weights.get(key);
    return values.reshape('c', values.length(), 1);
  }

  private void statistics(INDArray reduced) {
    INDArray runningMean = column(ParameterOffsets.MEAN);
    INDArray runningVariance = column(ParameterOffsets.VARIANCE);
    INDArray variance = runningVariance;
    mean = runningMean.dup();
    if (batch) {
      mean = reduced.mean(true, 1);
      INDArray deviation = reduced.subColumnVector(mean);
      variance = deviation.mul(deviation).mean(true, 1);
      move(runningMean, mean);
      move(runningVariance, variance);
    }
    INDArray root = Nd4j.math().sqrt(variance.add(BatchNorm.EPSILON));
    inverseRoot = root.rdiv(1);
  }

  private static void move(INDArray running, INDArray towards) {
    running.muli(BatchNorm.MOMENTUM).addi(towards.mul(1 - BatchNorm.MOMENTUM));
  }

  /** All kernels, [K*K*G, P]. */
  private INDArray kernels(INDArray activated) {
    INDArray kernels = weights.get(ParameterOffsets.SPAN_WEIGHTS).mmul(activated);
    return kernels.addiColumnVector(column(ParameterOffsets.SPAN_BIAS));
  }

  private INDArray involve(Pass pass) {
    INDArray kernels = kernels(pass.activated());
    INDArray sum = null;
    for (int tap = 0; tap < shape.taps; tap++) {
      INDArray patch = patches.grouped(patches.tap(pass.padded(), tap));
      INDArray term = patch.mul(patches.kernel(kernels, tap, patch));
      sum = sum == null ? term : sum.addi(term);
    }
    return patches.ungrouped(sum);
  }

  @Override
  public void backward(
      INDArray input, INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      Map<String, INDArray> results = offsets.views(gradient);
      Pass pass = generate(input, false);
      INDArray involved = shape.pool || shape.relu ? involve(pass) : null;
      INDArray arriving = pool.backward(involved, epsilon.permute(1, 0, 2, 3).dup('c'));
      INDArray paddedGradient = inputGradient == null ? null : zerosLike(pass.padded());
      INDArray kernelGradients = tapGradients(pass, arriving, paddedGradient);
      INDArray reduced =
          normGradients(pass, spanGradients(pass, kernelGradients, results), results);
      results.get(ParameterOffsets.REDUCE_WEIGHTS).assign(reduced.mmul(pass.source().transpose()));
      if (inputGradient != null) {
        INDArray source = weights.get(ParameterOffsets.REDUCE_WEIGHTS).transpose().mmul(reduced);
        patches.spreadAverage(paddedGradient, source);
        inputGradient.assign(patches.unpad(paddedGradient).permute(1, 0, 2, 3));
      }
    }
  }

  /** Gradients of all kernels, [K*K*G, P]; adds the input's gradient through the patches. */
  private INDArray tapGradients(Pass pass, INDArray arriving, INDArray paddedGradient) {
    INDArray kernels = kernels(pass.activated());
    INDArray gradients = Nd4j.create(kernels.dataType(), kernels.shape());
    INDArray grouped = patches.grouped(arriving);
    for (int tap = 0; tap < shape.taps; tap++) {
      INDArray patch = patches.grouped(patches.tap(pass.padded(), tap));
      patches.putKernelGradient(gradients, tap, patch.mul(grouped));
      if (paddedGradient != null) {
        INDArray passed = grouped.mul(patches.kernel(kernels, tap, grouped));
        patches.tap(paddedGradient, tap).addi(patches.ungrouped(passed));
      }
    }
    return gradients;
  }

  /** Writes the span's gradients and returns that of the BatchNorm's output, [R, P]. */
  private INDArray spanGradients(Pass pass, INDArray kernels, Map<String, INDArray> results) {
    INDArray activated = pass.activated();
    INDArray spanBias = results.get(ParameterOffsets.SPAN_BIAS);
    spanBias.assign(kernels.sum(1).reshape('c', 1, spanBias.length()));
    results.get(ParameterOffsets.SPAN_WEIGHTS).assign(kernels.mmul(activated.transpose()));
    INDArray gradient = weights.get(ParameterOffsets.SPAN_WEIGHTS).transpose().mmul(kernels);
    return gradient.muli(activated.gt(0).castTo(activated.dataType()));
  }

  /** Writes the BatchNorm's gradients and returns that of its input (Ioffe and Szegedy, 2015). */
  private INDArray normGradients(Pass pass, INDArray gradient, Map<String, INDArray> results) {
    INDArray sum = gradient.sum(true, 1);
    INDArray product = gradient.mul(pass.normal()).sum(true, 1);
    results.get(ParameterOffsets.BETA).assign(sum.reshape('c', 1, sum.length()));
    results.get(ParameterOffsets.GAMMA).assign(product.reshape('c', 1, sum.length()));
    results.get(ParameterOffsets.MEAN).assign(0);
    results.get(ParameterOffsets.VARIANCE).assign(0);
    INDArray scale = column(ParameterOffsets.GAMMA).mul(inverseRoot);
    INDArray reduceBias = results.get(ParameterOffsets.REDUCE_BIAS);
    if (batch) {
      long count = gradient.size(1);
      gradient.subiColumnVector(sum.div(count));
      gradient.subi(pass.normal().mulColumnVector(product.div(count)));
      reduceBias.assign(0);
    } else {
      reduceBias.assign(sum.mul(scale).reshape('c', 1, sum.length()));
    }
    return gradient.muliColumnVector(scale);
  }

  /** The kernels [N, K*K, G, H', W'] that inference generates, as a new array. */
  public INDArray kernel(INDArray input, INDArray vector) {
    batch = false;
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      weights = offsets.views(vector);
      INDArray kernels = kernels(generate(input, true).activated());
      return kernels
          .reshape('c', shape.taps, shape.groups, input.size(0), shape.outHeight, shape.outWidth)
          .permute(2, 0, 1, 3, 4)
          .dup('c');
    }
  }
}
