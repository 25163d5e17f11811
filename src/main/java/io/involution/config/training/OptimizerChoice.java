package io.involution.config.training;

import io.involution.config.option.Choice;

/** The rule of the local steps. */
public enum OptimizerChoice implements Choice {
  /** Adam for every parameter (Kingma and Ba, ICLR 2015). */
  ADAM(0.001, 0),
  /** Stochastic gradient descent with Nesterov momentum for every parameter. */
  NESTEROVS(0.02, 0.9),
  /**
   * Muon (Jordan 2024) for the matrices and filters between the first and the last layer, Adam for
   * everything else.
   */
  MUON(0.02, 0.95);

  private final double learningRate;
  private final double momentum;

  OptimizerChoice(double learningRate, double momentum) {
    this.learningRate = learningRate;
    this.momentum = momentum;
  }

  /** The step size by default. */
  public double learningRate() {
    return learningRate;
  }

  /** The momentum by default; 0 where there is none to choose. */
  double momentum() {
    return momentum;
  }
}
