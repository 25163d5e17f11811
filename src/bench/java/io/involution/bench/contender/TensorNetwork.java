package io.involution.bench.contender;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A network written for TensorFlow in one formulation. */
interface TensorNetwork {
  /** The formulation's name. */
  String name();

  /** Whether images come as {@code [batch, 32, 32, 3]}; otherwise as {@code [batch, 3, 32, 32]}. */
  boolean channelsLast();

  /** How many numbers are running statistics. */
  int statistics();

  /** Whether XLA compiles what it can. */
  boolean compiled();

  /** Adds the network to the graph; returns the logits, {@code [batch, 10]}. */
  Operand<TFloat32> logits(TensorGraph graph, Operand<TFloat32> images);
}
