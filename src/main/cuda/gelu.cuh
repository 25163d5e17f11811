// GELU as io.involution.layers.norm.FloatGelu computes it, which says where the numbers come from.
#pragma once
#include "device.cuh"

/** A value between two bounds; NaN stays NaN. */
static __device__ inline float within(float value, float bound) { return value < -bound ? -bound : value > bound ? bound : value; }

template <int COUNT>
static __device__ inline float polynomial(const float (&coefficients)[COUNT], float v) {
  float f = coefficients[0];
#pragma unroll
  for (int i = 1; i < COUNT; i++) f = fmaf(f, v, coefficients[i]);
  return f;
}

/** z times the normal distribution function of z. */
static __device__ inline float gelu(float z) {
  const float coefficients[] = {2.1907162e-4f, -5.751562e-4f, 5.5026554e-4f, -9.410755e-4f, 0.0027213485f, -0.0051087867f, 0.007976831f, -0.012331673f,
                                0.01814326f, -0.024768876f, 0.031961128f, -0.039924826f, 0.050026163f, -0.06774382f, 0.13594998f};
  float t = within(z, 5.199945f);
  return z * (t * polynomial(coefficients, fmaf(t * t, 0.0739645f, -1.0f)) + 0.5f);
}

/** Its slope at z. */
static __device__ inline float geluSlope(float z) {
  const float coefficients[] = {0.0022823948f, -0.0058456548f, 0.003479369f, -0.003169654f, 0.017356796f, -0.032329056f, 0.03900621f, -0.049929824f, 0.06530287f,
                                -0.074095316f, 0.07422867f, -0.068634145f, 0.060316153f, -0.05374429f, 0.053665172f, -0.065739706f, 0.1287592f};
  float t = within(z, 5.5f);
  return t * polynomial(coefficients, fmaf(t * t, 0.0661157f, -1.0f)) + 0.5f;
}
