package io.involution.config.training;

import io.involution.config.option.Choice;

/** How the averaged model is applied (outer optimizer). */
public enum OuterStepChoice implements Choice {
  /** Momentum if many workers average rarely, otherwise plain averaging. */
  AUTO,
  /** Plain parameter averaging. */
  AVERAGE,
  /** SlowMo's momentum. */
  MOMENTUM,
  /** DiLoCo's Nesterov momentum. */
  NESTEROV
}
