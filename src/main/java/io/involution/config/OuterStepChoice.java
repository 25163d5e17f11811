package io.involution.config;

/** What the driver makes of a round's mean. */
public enum OuterStepChoice implements Choice {
  /** Momentum where many workers average seldom, else plain averaging. */
  AUTO,
  /** Plain parameter averaging. */
  AVERAGE,
  /** SlowMo's momentum. */
  MOMENTUM,
  /** DiLoCo's Nesterov momentum. */
  NESTEROV
}
