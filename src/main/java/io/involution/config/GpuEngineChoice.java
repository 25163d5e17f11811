package io.involution.config;

import io.involution.config.option.Choice;

/** What computes on GPUs. */
public enum GpuEngineChoice implements Choice {
  /** This project's own kernels, in every job jar. */
  OWN,
  /** ND4J's CUDA backend, in the job jar that is built with -Pcuda. */
  ND4J
}
