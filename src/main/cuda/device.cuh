// What several kernels need, for nvcc and for g++ (which reads src/test/cuda/cuda_on_cpu.h first). No sum depends on
// the order in which threads run, no function is a library's whose last bit differs between machines.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define WARP 32
#define ALL_LANES 0xffffffffu

/** Shared memory of a block, and the same where it is read or written as float4 or float2. */
#define SHARED __shared__
#ifdef __CUDACC__
#define SHARED16 __shared__ __align__(16)
#else
#define SHARED16 alignas(16) __shared__
#endif

/** The examples of this minibatch, from the step's header {count, first, index, 0}. */
static __device__ inline int stepCount(const int* step) { return step[0]; }

/** Where this minibatch begins in the round's order. */
static __device__ inline int stepFirst(const int* step) { return step[1]; }

/** The step's number in the round. */
static __device__ inline int stepIndex(const int* step) { return step[2]; }

/** The sum over the warp's lanes as a fixed tree; every lane gets it. All lanes must take part. */
template <class T>
static __device__ inline T warpSum(T value) {
#pragma unroll
  for (int lane = WARP / 2; lane > 0; lane >>= 1) value += __shfl_xor_sync(ALL_LANES, value, lane);
  return value;
}

/**
 * The sum over the block's THREADS threads (a multiple of 32, one dimension) as a fixed tree; every thread gets it. `warps` is
 * shared memory for THREADS / 32 numbers, free again when this returns. All threads must take part.
 */
template <int THREADS, class T>
static __device__ inline T blockSum(T value, T* warps) {
  static_assert(THREADS % WARP == 0 && THREADS <= 1024, "whole warps only");
  value = warpSum(value);
  if (threadIdx.x % WARP == 0) warps[threadIdx.x / WARP] = value;
  __syncthreads();
  T sum = warps[0];
#pragma unroll
  for (int i = 1; i < THREADS / WARP; i++) sum += warps[i];
  __syncthreads();
  return sum;
}

static __device__ inline float floatOfBits(int bits) {
#ifdef __CUDACC__
  return __int_as_float(bits);
#else
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
#endif
}

static __device__ inline long long bitsOf(double value) {
#ifdef __CUDACC__
  return __double_as_longlong(value);
#else
  long long bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
#endif
}

static __device__ inline double doubleOfBits(long long bits) {
#ifdef __CUDACC__
  return __longlong_as_double(bits);
#else
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
#endif
}

/** exp(x) within 2 units in the last place; 0 below -87 (no subnormal results), infinity above 88.7. NaN stays NaN. */
static __device__ inline float exponential(float x) {
  if (x < -87.0f) return 0.0f;
  if (x > 88.7f) return floatOfBits(0x7f800000);
  // x = n log 2 + r with |r| <= log(2) / 2; log 2 in two parts, of which the first times n is exact.
  float n = rintf(x * 1.44269504f);
  float r = fmaf(n, -0.693145752f, x);
  r = fmaf(n, -1.42860677e-6f, r);
  float sum = 1.0f / 5040;
  sum = fmaf(sum, r, 1.0f / 720);
  sum = fmaf(sum, r, 1.0f / 120);
  sum = fmaf(sum, r, 1.0f / 24);
  sum = fmaf(sum, r, 1.0f / 6);
  sum = fmaf(sum, r, 0.5f);
  sum = fmaf(sum, r, 1.0f);
  sum = fmaf(sum, r, 1.0f);
  if (x != x) return x;
  if (n > 127.0f) return sum * floatOfBits(254 << 23) * 2.0f;
  return sum * floatOfBits(((int)n + 127) << 23);
}

/** log(x) of a positive, normal, finite x, within 2 units in the last place. */
static __device__ inline double logarithm(double x) {
  long long bits = bitsOf(x);
  int exponent = (int)(bits >> 52) - 1023;
  double fraction = doubleOfBits((bits & 0xfffffffffffffLL) | 0x3ff0000000000000LL);
  if (fraction > 1.4142135623730951) {
    fraction *= 0.5;
    exponent++;
  }
  // log f = 2 atanh(s) with s = (f - 1) / (f + 1), |s| <= 0.172: its series ends below half a unit of the last place.
  double s = (fraction - 1) / (fraction + 1), square = s * s, series = 0;
#pragma unroll
  for (int odd = 23; odd >= 3; odd -= 2) series = fma(series, square, 1.0 / odd);
  double log = 2 * fma(s * square, series, s);
  // log 2 in two parts; the first has zeros enough at its end for an exact product with the exponent.
  return fma((double)exponent, 0.693147180369123816490, fma((double)exponent, 1.90821492927058770002e-10, log));
}
