// BatchNorm with an activation and a shortcut. What is computed is written down in io.involution.layers.BatchNormBlock; a
// channel's z = scale * (x - center) + shift, as io.involution.layers.norm.NormStatistics has it.
//
// Forward: norm_moments (in training), norm_statistics, norm_forward. Backward: norm_sums, norm_gradients, norm_input_gradient (if
// wanted). A warp has one channel of a part of the minibatch's images; those of a block have neighboring channels.
#include "gelu.cuh"

#define THREADS 256
#define CHANNELS (THREADS / WARP)  // of a block

enum Function { IDENTITY, RELU, GELU };
enum Shortcut { NONE, BEFORE_ACTIVATION, AFTER_ACTIVATION };

/** What the BatchNorm of one channel is; BatchNormOnDevice knows its size. */
struct Norm {
  double rest, inverse;  // center - mean, and 1 / standard deviation
  float center, scale, shift, constant, slope, unused;
};

/** A layer's sizes: values of a channel in an image, and images of a part. */
struct Sizes {
  int channels, plane, images;

  /** Parts that have images. */
  __device__ int parts(int count) const { return (count + images - 1) / images; }
  /** Images of a part. */
  __device__ int imagesOf(int part, int count) const { return min(images, count - part * images); }
};

static __device__ inline int channelOf() { return (int)(blockIdx.y * CHANNELS + threadIdx.x / WARP); }

/** A lane's way through the values of its warp's channel, in the order of memory. */
struct Walk {
  int image, pixel, end, plane, channels, channel;

  __device__ Walk(const Sizes& s, int count) : plane(s.plane), channels(s.channels), channel(channelOf()) {
    int lane = threadIdx.x % WARP;
    image = blockIdx.x * s.images + lane / plane;
    pixel = lane % plane;
    end = channel < channels ? min((int)(blockIdx.x * s.images) + s.images, count) : 0;
  }
  __device__ bool inside() const { return image < end; }
  __device__ size_t at() const { return ((size_t)image * channels + channel) * plane + pixel; }
  __device__ void next() {
    image += WARP / plane;
    pixel += WARP % plane;
    if (pixel >= plane) {
      pixel -= plane;
      image++;
    }
  }
};

/** parts[part][channel][2]: the mean and the summed squared deviation of a part. Grid of this and all that walk: parts by channels / 8. */
extern "C" __global__ void __launch_bounds__(THREADS) norm_moments(const int* __restrict__ step, const float* __restrict__ x, double* __restrict__ parts,
                                                                  int channels, int plane, int images) {
  Sizes s{channels, plane, images};
  Walk walk(s, stepCount(step));
  int first = blockIdx.x * images, length = (walk.end - first) * plane;
  if (length <= 0) return;
  // Near the mean, so that the deviations' squares keep their digits.
  float offset = x[((size_t)first * channels + walk.channel) * plane];
  double sum = 0, squares = 0;
#pragma unroll 4
  for (; walk.inside(); walk.next()) {
    double deviation = (double)x[walk.at()] - (double)offset;
    sum += deviation;
    squares = fma(deviation, deviation, squares);
  }
  sum = warpSum(sum);
  squares = warpSum(squares);
  if (threadIdx.x % WARP > 0) return;
  double* to = parts + ((size_t)blockIdx.x * channels + walk.channel) * 2;
  to[0] = (double)offset + sum / length;
  to[1] = squares - sum * sum / length;
}

/**
 * Joins the parts' moments and moves the running statistics in training, else takes the running statistics. p: gamma if scaled, beta,
 * means, variances. Grid: 1 by channels / 8.
 */
extern "C" __global__ void __launch_bounds__(THREADS) norm_statistics(const int* __restrict__ step, float* p, const double* __restrict__ parts, Norm* norms,
                                                                     int channels, int plane, int images, int scaled, double decay, double epsilon, int training) {
  Sizes s{channels, plane, images};
  int channel = channelOf(), lane = threadIdx.x % WARP, count = stepCount(step);
  if (channel >= channels) return;
  float *beta = p + (scaled ? channels : 0) + channel, *means = beta + channels, *variances = means + channels;
  double mean, variance;
  if (training) {
    double sum = 0, squares = 0;
    for (int part = lane; part < s.parts(count); part += WARP) sum += parts[((size_t)part * channels + channel) * 2] * s.imagesOf(part, count);
    mean = warpSum(sum) / count;
    for (int part = lane; part < s.parts(count); part += WARP) {
      const double* of = parts + ((size_t)part * channels + channel) * 2;
      double deviation = of[0] - mean;
      squares += of[1] + (double)s.imagesOf(part, count) * plane * (deviation * deviation);
    }
    variance = warpSum(squares) / ((double)count * plane);
  } else {
    mean = *means;
    variance = *variances;
  }
  if (lane > 0) return;
  // One value says nothing of a variance: then the running statistics stay.
  if (training && (long long)count * plane > 1) {
    *means = (float)(decay * *means + (1 - decay) * mean);
    *variances = (float)(decay * *variances + (1 - decay) * variance);
  }
  Norm& norm = norms[channel];
  double inverse = 1 / sqrt(variance + epsilon), factor = scaled ? p[channel] * inverse : inverse;
  norm.center = (float)mean;
  norm.rest = (double)norm.center - mean;
  norm.inverse = inverse;
  norm.scale = (float)factor;
  norm.shift = (float)((double)*beta + factor * norm.rest);
}

static __device__ inline float normalized(const Norm& norm, float value) { return fmaf(norm.scale, value - norm.center, norm.shift); }

/** NaN stays NaN. */
static __device__ inline float activated(int function, float z) { return function == GELU ? gelu(z) : function == RELU && z <= 0.0f ? 0.0f : z; }

static __device__ inline float slope(int function, float z) { return function == GELU ? geluSlope(z) : function == RELU && z <= 0.0f ? 0.0f : 1.0f; }

/** y = activation(z), with the shortcut before or after the activation. */
extern "C" __global__ void __launch_bounds__(THREADS) norm_forward(const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ more,
                                                                  const Norm* __restrict__ norms, float* __restrict__ y, int channels, int plane, int images,
                                                                  int function, int shortcut) {
  Walk walk(Sizes{channels, plane, images}, stepCount(step));
  if (!walk.inside()) return;
  const Norm norm = norms[walk.channel];
#pragma unroll 4
  for (; walk.inside(); walk.next()) {
    size_t at = walk.at();
    float z = normalized(norm, x[at]);
    if (shortcut == BEFORE_ACTIVATION) z += more[at];
    float value = activated(function, z);
    if (shortcut == AFTER_ACTIVATION) value += more[at];
    y[at] = value;
  }
}

/** The gradient of z, or of z and the shortcut before the activation. */
static __device__ inline float passed(const Norm& norm, const float* x, const float* more, const float* gradient, size_t at, int function, int shortcut) {
  if (function == IDENTITY) return gradient[at];
  float z = normalized(norm, x[at]);
  if (shortcut == BEFORE_ACTIVATION) z += more[at];
  return gradient[at] * slope(function, z);
}

/** parts[part][channel][2]: the sum of the gradients of z, and that of their products with x - center. */
extern "C" __global__ void __launch_bounds__(THREADS) norm_sums(const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ more,
                                                               const Norm* __restrict__ norms, const float* __restrict__ gradient, double* __restrict__ parts,
                                                               int channels, int plane, int images, int function, int shortcut) {
  Walk walk(Sizes{channels, plane, images}, stepCount(step));
  if (walk.end <= (int)(blockIdx.x * images)) return;
  const Norm norm = norms[walk.channel];
  double sum = 0, product = 0;
#pragma unroll 4
  for (; walk.inside(); walk.next()) {
    size_t at = walk.at();
    float of = passed(norm, x, more, gradient, at, function, shortcut);
    sum += (double)of;
    product = fma((double)of, (double)(x[at] - norm.center), product);
  }
  sum = warpSum(sum);
  product = warpSum(product);
  if (threadIdx.x % WARP > 0) return;
  double* to = parts + ((size_t)blockIdx.x * channels + walk.channel) * 2;
  to[0] = sum;
  to[1] = product;
}

/** Joins the parts' sums: the gradients of gamma and beta (statistics have none), and what the input's gradient needs. Grid: 1 by channels / 8. */
extern "C" __global__ void __launch_bounds__(THREADS) norm_gradients(const int* __restrict__ step, const double* __restrict__ parts, Norm* norms,
                                                                    float* __restrict__ gradients, int channels, int plane, int images, int scaled) {
  Sizes s{channels, plane, images};
  int channel = channelOf(), lane = threadIdx.x % WARP, count = stepCount(step);
  if (channel >= channels) return;
  double sum = 0, product = 0;
  for (int part = lane; part < s.parts(count); part += WARP) {
    const double* of = parts + ((size_t)part * channels + channel) * 2;
    sum += of[0];
    product += of[1];
  }
  sum = warpSum(sum);
  product = warpSum(product);
  if (lane > 0) return;
  Norm& norm = norms[channel];
  product += norm.rest * sum;
  double values = (double)count * plane, along = product / values * norm.inverse * norm.inverse;
  norm.slope = (float)along;
  norm.constant = (float)(sum / values + along * norm.rest);
  float* to = gradients + channel;
  if (scaled) {
    *to = (float)(product * norm.inverse);
    to += channels;
  }
  to[0] = (float)sum;
  to[channels] = 0;
  to[2 * channels] = 0;
}

/** The gradients of the input and of the shortcut; one that nobody wants is null. */
extern "C" __global__ void __launch_bounds__(THREADS) norm_input_gradient(const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ more,
                                                                         const Norm* __restrict__ norms, const float* __restrict__ gradient,
                                                                         float* __restrict__ inputGradient, float* __restrict__ moreGradient, int channels, int plane,
                                                                         int images, int function, int shortcut) {
  Walk walk(Sizes{channels, plane, images}, stepCount(step));
  if (!walk.inside()) return;
  const Norm norm = norms[walk.channel];
#pragma unroll 4
  for (; walk.inside(); walk.next()) {
    size_t at = walk.at();
    float of = passed(norm, x, more, gradient, at, function, shortcut);
    if (moreGradient != nullptr) moreGradient[at] = shortcut == BEFORE_ACTIVATION ? of : gradient[at];
    if (inputGradient != nullptr) inputGradient[at] = norm.scale * fmaf(-norm.slope, x[at] - norm.center, of - norm.constant);
  }
}
