package io.involution.config;

import io.involution.config.option.Choice;

/** With what numbers GPUs multiply; everything else is float32 either way. */
public enum Precision implements Choice {
  /** Products and sums in float32: the same bits on every GPU. */
  FLOAT32,
  /**
   * Convolutions by tensor cores: factors rounded to 10 bits behind the point, sums in float32. The
   * same bits on every GPU of one kind only.
   */
  TF32;

  /** The least compute capability, times ten, of GPUs that have it by the job's own kernels. */
  public int leastCapability() {
    return this == TF32 ? 80 : 75;
  }
}
