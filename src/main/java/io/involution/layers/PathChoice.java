package io.involution.layers;

import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.device.DeviceInvolution;
import io.involution.layers.involution.general.GeneralInvolution;
import io.involution.layers.involution.grouped.GroupedInvolution;
import io.involution.layers.involution.rankone.RankOneInvolution;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Which {@link InvolutionPath} a layer takes. */
public enum PathChoice {
  /** Java code for the CPU: the fastest that fits. */
  HOST {
    @Override
    InvolutionPath forTraining(InvolutionShape shape, DataType dataType) {
      if (dataType == DataType.FLOAT && shape.rankOne()) {
        return new RankOneInvolution(shape);
      }
      return dataType == DataType.FLOAT && shape.grouped()
          ? new GroupedInvolution(shape)
          : forKernels(shape);
    }

    @Override
    InvolutionPath forKernels(InvolutionShape shape) {
      return new GeneralInvolution(shape);
    }
  },

  /** ND4J's operations, on whatever backend there is. */
  DEVICE {
    @Override
    InvolutionPath forTraining(InvolutionShape shape, DataType dataType) {
      return forKernels(shape);
    }

    @Override
    InvolutionPath forKernels(InvolutionShape shape) {
      return new DeviceInvolution(shape);
    }
  };

  abstract InvolutionPath forTraining(InvolutionShape shape, DataType dataType);

  abstract InvolutionPath forKernels(InvolutionShape shape);

  /** The device's path on every backend but the CPU's. */
  static PathChoice byBackend() {
    return Nd4j.getEnvironment().isCPU() ? HOST : DEVICE;
  }
}
