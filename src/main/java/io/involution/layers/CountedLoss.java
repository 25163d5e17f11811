package io.involution.layers;

/** A loss that remembers what it has counted of the minibatch that it scored last. */
public interface CountedLoss {
  /** Examples of the last scored minibatch whose largest output is that of their largest label. */
  int lastCorrect();

  /** Sum of the last scored minibatch's losses over its examples, in nats. */
  double lastLossSum();
}
