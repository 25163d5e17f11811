package io.involution.layers;

import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;
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
    InvolutionPath forTraining(InvolutionShape shape, Involution layer, DataType dataType) {
      ParameterOffsets offsets = new ParameterOffsets(layer);
      if (dataType == DataType.FLOAT && shape.rankOne()) {
        return new RankOneInvolution(shape, offsets);
      }
      return dataType == DataType.FLOAT && shape.grouped()
          ? new GroupedInvolution(shape, offsets)
          : forKernels(shape, layer);
    }

    @Override
    InvolutionPath forKernels(InvolutionShape shape, Involution layer) {
      return new GeneralInvolution(shape, new ParameterOffsets(layer));
    }
  },

  /** ND4J's operations, on whatever backend there is. */
  DEVICE {
    @Override
    InvolutionPath forTraining(InvolutionShape shape, Involution layer, DataType dataType) {
      return new DeviceInvolution(shape, layer);
    }

    @Override
    InvolutionPath forKernels(InvolutionShape shape, Involution layer) {
      return new DeviceInvolution(shape, layer);
    }
  };

  abstract InvolutionPath forTraining(InvolutionShape shape, Involution layer, DataType dataType);

  abstract InvolutionPath forKernels(InvolutionShape shape, Involution layer);

  /** The device's path on every backend but the CPU's. */
  static PathChoice byBackend() {
    return Nd4j.getEnvironment().isCPU() ? HOST : DEVICE;
  }
}
