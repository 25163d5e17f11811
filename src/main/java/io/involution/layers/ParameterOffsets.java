package io.involution.layers;

/** Where each parameter of an involution starts in the layer's part of the parameter vector. */
final class ParameterOffsets {
  final int reduceWeights = 0;
  final int reduceBias;
  final int gamma;
  final int beta;
  final int mean;
  final int variance;
  final int spanWeights;
  final int spanBias;
  final int spanOutputs;
  final int length;

  ParameterOffsets(Involution layer) {
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
