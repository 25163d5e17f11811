// What happens to every value by itself, and the global pool. A thread has EACH values, a block's stride apart.
#include "gelu.cuh"

#define THREADS 256
#define EACH 4

/** Calls f for each value of the minibatch that the thread has; size: values of an example. */
template <class Each>
static __device__ inline void forEach(const int* step, int size, Each f) {
  size_t first = (size_t)blockIdx.x * THREADS * EACH + threadIdx.x, end = (size_t)stepCount(step) * size;
#pragma unroll
  for (int i = 0; i < EACH; i++)
    if (first + i * THREADS < end) f(first + i * THREADS);
}

extern "C" __global__ void __launch_bounds__(THREADS) gelu_forward(const int* __restrict__ step, int size, const float* __restrict__ x, float* __restrict__ y) {
  forEach(step, size, [&](size_t at) { y[at] = gelu(x[at]); });
}

extern "C" __global__ void __launch_bounds__(THREADS) gelu_backward(const int* __restrict__ step, int size, const float* __restrict__ x,
                                                                   const float* __restrict__ gradient, float* __restrict__ inputGradient) {
  forEach(step, size, [&](size_t at) { inputGradient[at] = gradient[at] * geluSlope(x[at]); });
}

/** y = factor * x: an output of its input, and an input's gradient of the output's. */
extern "C" __global__ void __launch_bounds__(THREADS) scale_values(const int* __restrict__ step, int size, const float* __restrict__ x, float* __restrict__ y, float factor) {
  forEach(step, size, [&](size_t at) { y[at] = x[at] * factor; });
}

/** y += x: the gradients of all that take the same values. */
extern "C" __global__ void __launch_bounds__(THREADS) add_values(const int* __restrict__ step, int size, const float* __restrict__ x, float* __restrict__ y) {
  forEach(step, size, [&](size_t at) { y[at] += x[at]; });
}

/**
 * y[example][channel]: the largest of a channel's values and, in places, the first place where it is, or, without places, their mean.
 * A warp has a channel of an example. Grid: examples x channels / 8. NaN is the largest.
 */
extern "C" __global__ void __launch_bounds__(THREADS) pool_forward(const int* __restrict__ step, const float* __restrict__ x, float* __restrict__ y,
                                                                  int* __restrict__ places, int channels, int plane) {
  size_t number = ((size_t)blockIdx.x * THREADS + threadIdx.x) / WARP;
  int lane = threadIdx.x % WARP;
  if (number >= (size_t)stepCount(step) * channels) return;
  const float* values = x + number * plane;
  if (places == nullptr) {
    double sum = 0;
    for (int i = lane; i < plane; i += WARP) sum += (double)values[i];
    sum = warpSum(sum);
    if (lane == 0) y[number] = (float)(sum / plane);
    return;
  }
  float best = 0;
  int place = plane;
  for (int i = lane; i < plane; i += WARP) {
    float value = values[i];
    if (place == plane || value > best || (value != value && best == best)) {
      best = value;
      place = i;
    }
  }
  for (int with = WARP / 2; with > 0; with /= 2) {
    float other = __shfl_xor_sync(ALL_LANES, best, with);
    int otherPlace = __shfl_xor_sync(ALL_LANES, place, with);
    bool equal = other == best || (other != other && best != best), larger = other > best || (other != other && best == best);
    if (otherPlace < plane && (place == plane || larger || (equal && otherPlace < place))) {
      best = other;
      place = otherPlace;
    }
  }
  if (lane > 0) return;
  y[number] = best;
  places[number] = place;
}

/** The gradient of pool_forward's input; a warp has a channel of an example. */
extern "C" __global__ void __launch_bounds__(THREADS) pool_backward(const int* __restrict__ step, const float* __restrict__ gradient,
                                                                   const int* __restrict__ places, float* __restrict__ inputGradient, int channels, int plane) {
  size_t number = ((size_t)blockIdx.x * THREADS + threadIdx.x) / WARP;
  if (number >= (size_t)stepCount(step) * channels) return;
  float of = places == nullptr ? gradient[number] / (float)plane : gradient[number];
  for (int i = threadIdx.x % WARP; i < plane; i += WARP) inputGradient[number * plane + i] = places == nullptr || places[number] == i ? of : 0;
}
