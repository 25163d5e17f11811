package io.involution.layers.involution;

import io.involution.layers.Involution;

/** Where each parameter of an involution starts in the layer's part of the parameter vector. */
public final class ParameterOffsets {
  public final int reduceWeights = 0;
  public final int reduceBias;
  public final int gamma;
  public final int beta;
  public final int mean;
  public final int variance;
  public final int spanWeights;
  public final int spanBias;
  public final int spanOutputs;
  public final int length;

  public ParameterOffsets(Involution layer) {
    int reduced = layer.reducedChannels();
    spanOutputs = layer.getKernelSize() * layer.getKernelSize() * layer.getGroups();
    reduceBias = reduced * (int) layer.getNIn();
    gamma = reduceBias + reduced;
    beta = gamma + reduced;
    mean = beta + reduced;
    variance = mean + reduced;
    spanWeights = variance + reduced;
    spanBias = spanWeights + spanOutputs * reduced;
    length = spanBias + spanOutputs;
  }
}
