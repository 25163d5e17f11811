package io.involution.layers;

import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.deep.DeepInvolution;
import io.involution.layers.involution.device.DeviceInvolution;
import io.involution.layers.involution.general.GeneralInvolution;
import io.involution.layers.involution.grouped.GroupedInvolution;
import io.involution.layers.involution.rankone.RankOneInvolution;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Chooses the {@link InvolutionPath} of a layer. */
public enum PathChoice {
  /** Java code for the CPU: the fastest path that supports the layer. */
  HOST {
    @Override
    InvolutionPath path(InvolutionShape shape, DataType dataType) {
      if (dataType == DataType.FLOAT && shape.rankOne()) {
        return new RankOneInvolution(shape);
      }
      if (dataType == DataType.FLOAT && shape.deep()) {
        return new DeepInvolution(shape);
      }
      return dataType == DataType.FLOAT && shape.grouped()
          ? new GroupedInvolution(shape)
          : new GeneralInvolution(shape);
    }

    @Override
    INDArray kernel(InvolutionShape shape, INDArray input, INDArray parameters) {
      return new GeneralInvolution(shape).kernel(input, parameters);
    }
  },

  /** ND4J's operations, on any backend. */
  DEVICE {
    @Override
    InvolutionPath path(InvolutionShape shape, DataType dataType) {
      return new DeviceInvolution(shape);
    }

    @Override
    INDArray kernel(InvolutionShape shape, INDArray input, INDArray parameters) {
      return new DeviceInvolution(shape).kernel(input, parameters);
    }
  };

  /** The path for training and inference. */
  abstract InvolutionPath path(InvolutionShape shape, DataType dataType);

  /** The kernels [N, K*K, G, H', W'] that inference generates, as a new array. */
  abstract INDArray kernel(InvolutionShape shape, INDArray input, INDArray parameters);

  /** The device's path on every backend other than the CPU's. */
  static PathChoice byBackend() {
    return Nd4j.getEnvironment().isCPU() ? HOST : DEVICE;
  }
}
