// The involution of the reference network, whose images fit on a multiprocessor: 3 channels, 3x3, one group, one reduced
// channel, stride 1, ReLU; images of 32x32 and 16x16 with a 2x2 max-pool, 8x8 without. involution.cu is the general form.
//
// A thread has the 2x2 places of a window. With z the ReLU of the BatchNorm, the kernel of tap t is v[t] z + u[t]. The
// BatchNorm's batch statistics follow from means and covariances of the three channels, and so does the gradient of the
// reduction's weights: with g the gradient of the BatchNorm's output and A[c] = sum of g (x[c] - mean[c]), it is
// scale (A - (w . A) / (variance + epsilon) * Cov w). No second pass over the images, and nothing cancels.
//
// Forward: moments (in training), forward. Backward: backward, finish.
#include "device.cuh"

#define CHANNELS 3
#define TAPS 9
#define EPSILON 1e-3
#define MOMENTUM 0.99

/** Where the parameters begin, as ParameterOffsets has it. */
enum { REDUCE = 0, BIAS = 3, GAMMA, BETA, MEAN, VARIANCE, SPAN, SPAN_BIAS = SPAN + TAPS, PARAMETERS = SPAN_BIAS + TAPS };

/** Sums of the channels and of their products. */
enum { SUMS = CHANNELS, MOMENTS = 9 };

/** The sums of the backward pass, in the order of a part's 32 numbers. */
enum { SPAN_SUMS = 0, SPAN_BIAS_SUMS = TAPS, PASSED_SUM = 2 * TAPS, PRODUCT_SUMS };

/** What the forward pass in training leaves to the backward pass. */
struct BatchNorm {
  double mean[CHANNELS], covarianceWeights[CHANNELS], inverse, scale;
};

/** How images of a size lie in a block; the pitch of a row keeps windows of a half-warp in different banks. */
template <int SIZE>
struct Block {
  enum {
    WINDOWS = SIZE / 2 * (SIZE / 2),
    IMAGES = SIZE == 8 ? 4 : 1,
    THREADS = IMAGES * WINDOWS,
    PITCH = SIZE == 32 ? 34 : SIZE == 16 ? 24 : 12,
    ROWS = SIZE + 2,
    HALO = 4 * (SIZE + 1)
  };
};

/** Planes of a block's images with a border of zeros. */
template <int SIZE>
struct Planes {
  float of[Block<SIZE>::IMAGES][CHANNELS][Block<SIZE>::ROWS][Block<SIZE>::PITCH];
};

/** The window of a thread. */
template <int SIZE>
struct Window {
  int image, index, row, column;  // in the block; in the image; its upper left place
  __device__ Window()
      : image(threadIdx.x / Block<SIZE>::WINDOWS), index(threadIdx.x % Block<SIZE>::WINDOWS),
        row(index / (SIZE / 2) * 2), column(index % (SIZE / 2) * 2) {}
  /** Where an image of the minibatch has the window's first place, by channel. */
  __device__ size_t place(int example, int channel) const {
    return ((size_t)(example * CHANNELS + channel) * SIZE + row) * SIZE + column;
  }
};

/**
 * The sums of N values over a warp in N - 1 exchanges and a few more, a fixed tree; lane l has that of value l * N / 32.
 * HALF of the values are given away to the lane that is WITH from here, and then the rest of them likewise.
 */
template <int HALF, int WITH, int N, class T>
static __device__ inline T warpSums(T (&values)[N]) {
  if constexpr (HALF > 0) {
    bool upper = threadIdx.x & WITH;
#pragma unroll
    for (int i = 0; i < HALF; i++) {
      T low = values[i], high = values[i + HALF];
      values[i] = (upper ? high : low) + __shfl_xor_sync(ALL_LANES, upper ? low : high, WITH);
    }
    return warpSums<HALF / 2, WITH / 2>(values);
  } else if constexpr (WITH > 0) {
    values[0] += __shfl_xor_sync(ALL_LANES, values[0], WITH);
    return warpSums<0, WITH / 2>(values);
  } else {
    return values[0];
  }
}

#define MOMENT_THREADS 256
/**
 * Sums of the channels and of their products over some images, parts[9][blocks]. Blocks: parts of the minibatch. Here
 * and below, images are loaded before it is known whether the minibatch has them: memory for all of them is there.
 */
template <int SIZE>
static __device__ void moments(
    const float* __restrict__ x, const int* __restrict__ step, double* __restrict__ parts, int images, int capacity,
    double (*warps)[MOMENTS]) {
  enum { FOURS = SIZE * SIZE / 4 };
  int first = blockIdx.x * images, count = min(images, capacity - first), examples = stepCount(step);
  double sums[8] = {0, 0, 0, 0, 0, 0, 0, 0}, last = 0;
#pragma unroll 2
  for (int i = threadIdx.x; i < count * FOURS; i += MOMENT_THREADS) {
    const float4* in = (const float4*)x + (size_t)(first + i / FOURS) * CHANNELS * FOURS + i % FOURS;
    float4 a = in[0], b = in[FOURS], c = in[2 * FOURS];
    float of[CHANNELS][4] = {{a.x, a.y, a.z, a.w}, {b.x, b.y, b.z, b.w}, {c.x, c.y, c.z, c.w}};
    bool present = first + i / FOURS < examples;
#pragma unroll
    for (int k = 0; k < 4; k++) {
      double p = present ? of[0][k] : 0.0f, q = present ? of[1][k] : 0.0f, r = present ? of[2][k] : 0.0f;
      sums[0] += p;
      sums[1] += q;
      sums[2] += r;
      sums[3] = fma(p, p, sums[3]);
      sums[4] = fma(p, q, sums[4]);
      sums[5] = fma(p, r, sums[5]);
      sums[6] = fma(q, q, sums[6]);
      sums[7] = fma(q, r, sums[7]);
      last = fma(r, r, last);
    }
  }
  int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  double sum = warpSums<4, WARP / 2>(sums);
  last = warpSum(last);
  if (lane % 4 == 0) warps[warp][lane / 4] = sum;
  if (lane == 0) warps[warp][8] = last;
  __syncthreads();
  if (threadIdx.x >= MOMENTS) return;
  sum = 0;
#pragma unroll
  for (int i = 0; i < MOMENT_THREADS / WARP; i++) sum += warps[i][threadIdx.x];
  parts[threadIdx.x * gridDim.x + blockIdx.x] = sum;
}

/** Zeros around the images. */
template <int SIZE>
static __device__ inline void border(Planes<SIZE>& planes) {
  Window<SIZE> window;
  for (int i = window.index; i < Block<SIZE>::HALO; i += Block<SIZE>::WINDOWS) {
    int side = i - 2 * (SIZE + 2);
    int row = side >= 0 ? 1 + side % SIZE : i < SIZE + 2 ? 0 : SIZE + 1;
    int column = side >= 0 ? side < SIZE ? 0 : SIZE + 1 : i % (SIZE + 2);
#pragma unroll
    for (int c = 0; c < CHANNELS; c++) planes.of[window.image][c][row][column] = 0;
  }
}

/** A thread's places to shared memory. */
template <int SIZE>
static __device__ inline void store(Planes<SIZE>& planes, const float (&own)[CHANNELS][4]) {
  Window<SIZE> window;
#pragma unroll
  for (int c = 0; c < CHANNELS; c++)
#pragma unroll
    for (int i = 0; i < 4; i++)
      planes.of[window.image][c][window.row + 1 + i / 2][window.column + 1 + i % 2] = own[c][i];
}

/** Takes a thread's places to its registers. */
template <int SIZE>
static __device__ inline void read(float (&own)[CHANNELS][4], const float* __restrict__ x, int example) {
  Window<SIZE> window;
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) {
    const float* from = x + window.place(example, c);
    float2 above = *(const float2*)from, below = *(const float2*)(from + SIZE);
    own[c][0] = above.x;
    own[c][1] = above.y;
    own[c][2] = below.x;
    own[c][3] = below.y;
  }
}

/** Zeros where the minibatch has no such example. */
static __device__ inline void keep(float (&own)[CHANNELS][4], bool present) {
#pragma unroll
  for (int i = 0; i < CHANNELS * 4; i++) own[i / 4][i % 4] = present ? own[i / 4][i % 4] : 0.0f;
}

/** The 4x4 pixels around a thread's window. */
template <int SIZE>
static __device__ inline void around(const Planes<SIZE>& planes, int c, float (&to)[4][4]) {
  Window<SIZE> window;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const float* row = &planes.of[window.image][c][window.row + i][window.column];
    float2 left = *(const float2*)row, right = *(const float2*)(row + 2);
    to[i][0] = left.x;
    to[i][1] = left.y;
    to[i][2] = right.x;
    to[i][3] = right.y;
  }
}

/** ReLU of the BatchNorm as floats: the ReLU of shift + sum of factor[c] (x[c] - center[c]). */
struct Activation {
  float center[CHANNELS], factor[CHANNELS], shift;

  /** NaN stays NaN. */
  __device__ float of(const float (&own)[CHANNELS][4], int i) const {
    float value = shift;
#pragma unroll
    for (int c = 0; c < CHANNELS; c++) value = fmaf(factor[c], own[c][i] - center[c], value);
    return value <= 0.0f ? 0.0f : value;
  }
};

/** The parameters of a block, the activation, and sums that it is made of. */
struct Generator {
  float parameters[PARAMETERS];
  Activation activation;
  double sums[MOMENTS];

  /** Those that the first block moves in training are read by no other block then. */
  __device__ void read(const float* p, bool training) {
    int i = threadIdx.x;
    bool moved = training && blockIdx.x > 0 && (i == MEAN || i == VARIANCE);
    if (i < PARAMETERS && !moved) parameters[i] = p[i];
  }
  __device__ float weight(int tap) const { return parameters[SPAN + tap]; }
  __device__ float bias(int tap) const { return parameters[SPAN_BIAS + tap]; }
};

/** Joins the parts' moments: every block does, and gets the same bits. One thread. */
static __device__ inline BatchNorm joined(const double* sums, const float* p, double values) {
  BatchNorm norm;
  double one = 1 / values, variance = 0;
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) norm.mean[c] = sums[c] * one;
  const int of[CHANNELS][CHANNELS] = {{3, 4, 5}, {4, 6, 7}, {5, 7, 8}};
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) {
    double product = 0;
#pragma unroll
    for (int d = 0; d < CHANNELS; d++)
      product = fma(fma(-norm.mean[c], norm.mean[d], sums[of[c][d]] * one), (double)p[REDUCE + d], product);
    norm.covarianceWeights[c] = product;
    variance = fma(product, (double)p[REDUCE + c], variance);
  }
  norm.inverse = 1 / ((variance < 0 ? 0 : variance) + EPSILON);
  norm.scale = p[GAMMA] * sqrt(norm.inverse);
  return norm;
}

/** Sums of the parts' moments, one for each half-warp at a time; the block must wait before it reads them. */
template <int THREADS>
static __device__ inline void sumMoments(const double* __restrict__ parts, int count, double* sums) {
  const int half = WARP / 2;
  int lane = threadIdx.x % half;
#pragma unroll
  for (int first = 0; first < MOMENTS; first += THREADS / half) {
    int moment = first + threadIdx.x / half;
    double sum = 0;
    if (moment < MOMENTS) {
#pragma unroll 8
      for (int i = lane; i < count; i += half) sum += parts[moment * count + i];
    }
#pragma unroll
    for (int with = half / 2; with > 0; with /= 2) sum += __shfl_xor_sync(ALL_LANES, sum, with);
    if (lane == 0 && moment < MOMENTS) sums[moment] = sum;
  }
}

/** What the batch's or the running statistics make of the BatchNorm. One thread; the first block's keeps it. */
static __device__ inline void normalize(Generator& generator, float* to, double values, BatchNorm* kept, int training) {
  Activation& activation = generator.activation;
  const float* p = generator.parameters;
  if (training) {
    BatchNorm norm = joined(generator.sums, p, values);
    double mean = 0, variance = 0;
#pragma unroll
    for (int c = 0; c < CHANNELS; c++) {
      mean = fma(norm.mean[c], (double)p[REDUCE + c], mean);
      variance = fma(norm.covarianceWeights[c], (double)p[REDUCE + c], variance);
      activation.center[c] = (float)norm.mean[c];
      activation.factor[c] = (float)(norm.scale * p[REDUCE + c]);
    }
    activation.shift = p[BETA];
    if (blockIdx.x > 0) return;
    *kept = norm;
    to[MEAN] = (float)(MOMENTUM * p[MEAN] + (1 - MOMENTUM) * (mean + p[BIAS]));
    to[VARIANCE] = (float)(MOMENTUM * p[VARIANCE] + (1 - MOMENTUM) * (variance < 0 ? 0 : variance));
  } else {
    double scale = p[GAMMA] / sqrt((double)p[VARIANCE] + EPSILON);
#pragma unroll
    for (int c = 0; c < CHANNELS; c++) {
      activation.center[c] = 0;
      activation.factor[c] = (float)(scale * p[REDUCE + c]);
    }
    activation.shift = (float)(p[BETA] - ((double)p[MEAN] - p[BIAS]) * scale);
  }
}

/** The output, and for every window which place of each channel is the largest: 4 bits a channel, 4 if none is above 0. */
template <int SIZE>
static __device__ void forward(
    const float* __restrict__ x, float* p, const int* __restrict__ step, const double* __restrict__ parts, int count,
    float* __restrict__ y, int* __restrict__ winners, BatchNorm* norm, int training, int capacity,
    Planes<SIZE>& planes, Generator& generator) {
  const int threads = Block<SIZE>::THREADS;
  Window<SIZE> window;
  int examples = stepCount(step), first = blockIdx.x * Block<SIZE>::IMAGES, example = first + window.image;
  bool present = example < examples;
  float own[CHANNELS][4], patch[4][4], z[4];
  read<SIZE>(own, x, min(example, capacity - 1));
  generator.read(p, training);
  if (training) sumMoments<threads>(parts, count, generator.sums);
  border(planes);
  __syncthreads();
  if (threadIdx.x == 0) normalize(generator, p, (double)examples * (SIZE * SIZE), norm, training);
  store(planes, own);
  __syncthreads();
  if (!present) return;
#pragma unroll
  for (int i = 0; i < 4; i++) z[i] = generator.activation.of(own, i);
  int all = 0;
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) {
    around(planes, c, patch);
    float out[4] = {0, 0, 0, 0};
#pragma unroll
    for (int t = 0; t < TAPS; t++)
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float kernel = fmaf(generator.weight(t), z[i], generator.bias(t));
        out[i] = fmaf(kernel, patch[i / 2 + t / 3][i % 2 + t % 3], out[i]);
      }
    if (SIZE == 8) {
#pragma unroll
      for (int i = 0; i < 4; i++) out[i] = out[i] <= 0.0f ? 0.0f : out[i];
      float* to = y + window.place(example, c);
      *(float2*)to = make_float2(out[0], out[1]);
      *(float2*)(to + SIZE) = make_float2(out[2], out[3]);
    } else {
      int above = out[1] > out[0], below = out[3] > out[2];
      float up = above ? out[1] : out[0], down = below ? out[3] : out[2];
      int winner = down > up ? 2 + below : above;
      float best = down > up ? down : up;
      if (best <= 0.0f) {
        best = 0;
        winner = 4;
      }
      y[(size_t)(example * CHANNELS + c) * Block<SIZE>::WINDOWS + window.index] = best;
      all |= winner << 4 * c;
    }
  }
  if (SIZE != 8) winners[(size_t)example * Block<SIZE>::WINDOWS + window.index] = all;
}

/** The gradient of the output before ReLU and max-pool at a thread's places. */
template <int SIZE>
static __device__ inline void outputGradient(
    float (&to)[CHANNELS][4], const float* __restrict__ y, const int* __restrict__ winners,
    const float* __restrict__ gradient, int example) {
  Window<SIZE> window;
  int all = SIZE == 8 ? 0 : winners[(size_t)example * Block<SIZE>::WINDOWS + window.index];
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) {
    if (SIZE == 8) {
      size_t at = window.place(example, c);
#pragma unroll
      for (int i = 0; i < 4; i += 2) {
        float2 value = *(const float2*)(y + at + i / 2 * SIZE), of = *(const float2*)(gradient + at + i / 2 * SIZE);
        to[c][i] = value.x == 0.0f ? 0.0f : of.x;
        to[c][i + 1] = value.y == 0.0f ? 0.0f : of.y;
      }
    } else {
      float of = gradient[(size_t)(example * CHANNELS + c) * Block<SIZE>::WINDOWS + window.index];
#pragma unroll
      for (int i = 0; i < 4; i++) to[c][i] = (all >> 4 * c & 15) == i ? of : 0.0f;
    }
  }
}

/** The activation as the forward pass in training left it. */
static __device__ inline void take(Activation& activation, const float* __restrict__ p, const BatchNorm* __restrict__ norm) {
  int c = (int)threadIdx.x - WARP;
  if (c >= 0 && c < CHANNELS) {
    activation.center[c] = (float)norm->mean[c];
    activation.factor[c] = (float)(norm->scale * p[REDUCE + c]);
  }
  if (c == CHANNELS) activation.shift = p[BETA];
}

/**
 * The sums of the backward pass over a block's images, parts[blocks][32]; the gradient of the BatchNorm's output, and
 * the input's through the patches, where wanted. Blocks: images, or fours of them.
 */
template <int SIZE, bool INPUT>
static __device__ void backward(
    const float* __restrict__ x, const float* __restrict__ p, const int* __restrict__ step,
    const BatchNorm* __restrict__ norm, const float* __restrict__ y, const int* __restrict__ winners,
    const float* __restrict__ gradient, float* __restrict__ parts, float* __restrict__ normGradient,
    float* __restrict__ inputGradient, int capacity, Planes<SIZE>& planes, Planes<INPUT ? SIZE : 8>& gradients,
    Planes<INPUT ? SIZE : 8>& products, Generator& generator, float (*warps)[WARP]) {
  const int threads = Block<SIZE>::THREADS;
  Window<SIZE> window;
  int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, examples = stepCount(step);
  int example = blockIdx.x * Block<SIZE>::IMAGES + window.image, there = min(example, capacity - 1);
  bool present = example < examples;
  float own[CHANNELS][4], of[CHANNELS][4], patch[CHANNELS][4][4], z[4], back[4] = {0, 0, 0, 0}, sums[WARP];
  read<SIZE>(own, x, there);
  outputGradient<SIZE>(of, y, winners, gradient, there);
  generator.read(p, true);
  take(generator.activation, p, norm);
  keep(own, present);
  keep(of, present);
  border(planes);
  store(planes, own);
  __syncthreads();
#pragma unroll
  for (int i = 0; i < 4; i++) z[i] = generator.activation.of(own, i);
  if constexpr (INPUT) {
    float product[CHANNELS][4];
#pragma unroll
    for (int c = 0; c < CHANNELS; c++)
#pragma unroll
      for (int i = 0; i < 4; i++) product[c][i] = of[c][i] * z[i];
    border(gradients);
    border(products);
    store(gradients, of);
    store(products, product);
  }
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) around(planes, c, patch[c]);
#pragma unroll
  for (int i = 0; i < WARP; i++) sums[i] = 0;
#pragma unroll
  for (int t = 0; t < TAPS; t++) {
    float weight = generator.weight(t);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float kernel = 0;
#pragma unroll
      for (int c = 0; c < CHANNELS; c++) kernel = fmaf(of[c][i], patch[c][i / 2 + t / 3][i % 2 + t % 3], kernel);
      sums[SPAN_SUMS + t] = fmaf(kernel, z[i], sums[SPAN_SUMS + t]);
      sums[SPAN_BIAS_SUMS + t] += kernel;
      back[i] = fmaf(weight, kernel, back[i]);
    }
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    back[i] = z[i] == 0.0f ? 0.0f : back[i];
    sums[PASSED_SUM] += back[i];
#pragma unroll
    for (int c = 0; c < CHANNELS; c++)
      sums[PRODUCT_SUMS + c] = fmaf(back[i], own[c][i] - generator.activation.center[c], sums[PRODUCT_SUMS + c]);
  }
  float sum = warpSums<WARP / 2, WARP / 2>(sums);
  warps[warp][lane] = sum;
  __syncthreads();
  if (warp == 0) {
#pragma unroll
    for (int i = 1; i < threads / WARP; i++) sum += warps[i][lane];
    parts[(size_t)blockIdx.x * WARP + lane] = sum;
  }
  if constexpr (INPUT) {
    if (!present) return;
    float* to = normGradient + (size_t)example * SIZE * SIZE + window.row * SIZE + window.column;
    *(float2*)to = make_float2(back[0], back[1]);
    *(float2*)(to + SIZE) = make_float2(back[2], back[3]);
#pragma unroll
    for (int c = 0; c < CHANNELS; c++) {
      float through[4][4], weighted[4][4], out[4] = {0, 0, 0, 0};
      around(gradients, c, through);
      around(products, c, weighted);
#pragma unroll
      for (int t = 0; t < TAPS; t++)
#pragma unroll
        for (int i = 0; i < 4; i++) {
          // Tap t of the output at the pixel's place less the tap's offset.
          int row = i / 2 + 2 - t / 3, column = i % 2 + 2 - t % 3;
          out[i] = fmaf(generator.weight(t), weighted[row][column], out[i]);
          out[i] = fmaf(generator.bias(t), through[row][column], out[i]);
        }
      to = inputGradient + window.place(example, c);
      *(float2*)to = make_float2(out[0], out[1]);
      *(float2*)(to + SIZE) = make_float2(out[2], out[3]);
    }
  }
}

#define FINISH_THREADS 512
#define FINISH_WARPS (FINISH_THREADS / WARP)
/** What a finishing block knows of the BatchNorm: the sums over the minibatch, and the input's gradient by its place. */
struct Finish {
  double warps[FINISH_WARPS][WARP], sums[WARP];
  float center[CHANNELS], factor[CHANNELS], weight[CHANNELS], constant, slope;
};

/** The gradient of a parameter. */
static __device__ inline double parameterGradient(
    int i, const double* sums, double product, const BatchNorm& norm, double covarianceWeight) {
  if (i < BIAS) return norm.scale * fma(-product * norm.inverse, covarianceWeight, sums[PRODUCT_SUMS + i]);
  if (i == GAMMA) return product * sqrt(norm.inverse);
  if (i == BETA) return sums[PASSED_SUM];
  // The batch's mean cancels the bias; the statistics are not trained.
  return i < SPAN ? 0 : sums[i - SPAN];
}

/** Joins the parts' sums: the first block makes the parameters' gradients, the others complete the input's. */
extern "C" __global__ void __launch_bounds__(FINISH_THREADS) involution_plain_finish(
    const float* __restrict__ x, const float* __restrict__ p, const int* __restrict__ step,
    const BatchNorm* __restrict__ norm, const float* __restrict__ parts, int count,
    const float* __restrict__ normGradient, float* __restrict__ gradients, float* inputGradient, int places,
    int capacity) {
  SHARED Finish finish;
  int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, examples = stepCount(step);
  int fours = places / 4, item = ((int)blockIdx.x - 1) * FINISH_THREADS + (int)threadIdx.x, example = item / fours;
  bool inside = blockIdx.x > 0 && example < capacity;
  size_t at = (size_t)example * CHANNELS * fours + item % fours;
  float4 passed, pixels[CHANNELS], sums[CHANNELS];
  if (inside) {
    passed = ((const float4*)normGradient)[item];
#pragma unroll
    for (int c = 0; c < CHANNELS; c++) {
      pixels[c] = ((const float4*)x)[at + c * fours];
      sums[c] = ((const float4*)inputGradient)[at + c * fours];
    }
  }
  const BatchNorm kept = *norm;
  double covarianceWeight = norm->covarianceWeights[lane < CHANNELS ? lane : 0];
  double sum = 0;
#pragma unroll 16
  for (int i = warp; i < count; i += FINISH_WARPS) sum += (double)parts[i * WARP + lane];
  finish.warps[warp][lane] = sum;
  __syncthreads();
  if (warp == 0) {
#pragma unroll
    for (int i = 1; i < FINISH_WARPS; i++) sum += finish.warps[i][lane];
    finish.sums[lane] = sum;
  }
  __syncthreads();
  if (warp == 0) {
    double product = 0;
#pragma unroll
    for (int c = 0; c < CHANNELS; c++) product = fma((double)p[REDUCE + c], finish.sums[PRODUCT_SUMS + c], product);
    if (blockIdx.x == 0) {
      if (lane < PARAMETERS) gradients[lane] = (float)parameterGradient(lane, finish.sums, product, kept, covarianceWeight);
    } else if (lane < CHANNELS) {
      finish.center[lane] = (float)norm->mean[lane];
      finish.weight[lane] = p[REDUCE + lane];
      finish.factor[lane] = (float)(kept.scale * p[REDUCE + lane]);
    } else if (lane == CHANNELS) {
      double values = (double)examples * places;
      finish.constant = (float)(finish.sums[PASSED_SUM] / values);
      finish.slope = (float)(product / values * kept.inverse);
    }
  }
  __syncthreads();
  if (!inside || example >= examples) return;
  float through[4] = {passed.x, passed.y, passed.z, passed.w}, deviation[4] = {0, 0, 0, 0};
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) {
    float pixel[4] = {pixels[c].x, pixels[c].y, pixels[c].z, pixels[c].w};
#pragma unroll
    for (int i = 0; i < 4; i++) deviation[i] = fmaf(finish.weight[c], pixel[i] - finish.center[c], deviation[i]);
  }
#pragma unroll
  for (int i = 0; i < 4; i++) through[i] = fmaf(-finish.slope, deviation[i], through[i] - finish.constant);
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) {
    float factor = finish.factor[c];
    ((float4*)inputGradient)[at + c * fours] = make_float4(
        fmaf(factor, through[0], sums[c].x), fmaf(factor, through[1], sums[c].y), fmaf(factor, through[2], sums[c].z),
        fmaf(factor, through[3], sums[c].w));
  }
}

extern "C" __global__ void __launch_bounds__(MOMENT_THREADS) involution_plain_moments_32(
    const float* x, const int* step, double* parts, int images, int capacity) {
  SHARED double warps[MOMENT_THREADS / WARP][MOMENTS];
  moments<32>(x, step, parts, images, capacity, warps);
}

extern "C" __global__ void __launch_bounds__(Block<32>::THREADS) involution_plain_forward_32(
    const float* x, float* p, const int* step, const double* parts, int count, float* y, int* winners, BatchNorm* norm,
    int training, int capacity) {
  SHARED16 Planes<32> planes;
  SHARED Generator generator;
  forward<32>(x, p, step, parts, count, y, winners, norm, training, capacity, planes, generator);
}

extern "C" __global__ void __launch_bounds__(Block<32>::THREADS) involution_plain_backward_32(
    const float* x, const float* p, const int* step, const BatchNorm* norm, const float* y, const int* winners,
    const float* gradient, float* parts, float* normGradient, float* inputGradient,
    int capacity) {
  SHARED16 Planes<32> planes;
  SHARED16 Planes<8> gradients, products;
  SHARED Generator generator;
  SHARED float warps[Block<32>::THREADS / WARP][WARP];
  backward<32, false>(
      x, p, step, norm, y, winners, gradient, parts, normGradient, inputGradient, capacity, planes, gradients,
      products, generator, warps);
}

extern "C" __global__ void __launch_bounds__(MOMENT_THREADS) involution_plain_moments_16(
    const float* x, const int* step, double* parts, int images, int capacity) {
  SHARED double warps[MOMENT_THREADS / WARP][MOMENTS];
  moments<16>(x, step, parts, images, capacity, warps);
}

extern "C" __global__ void __launch_bounds__(Block<16>::THREADS) involution_plain_forward_16(
    const float* x, float* p, const int* step, const double* parts, int count, float* y, int* winners, BatchNorm* norm,
    int training, int capacity) {
  SHARED16 Planes<16> planes;
  SHARED Generator generator;
  forward<16>(x, p, step, parts, count, y, winners, norm, training, capacity, planes, generator);
}

extern "C" __global__ void __launch_bounds__(Block<16>::THREADS) involution_plain_backward_16(
    const float* x, const float* p, const int* step, const BatchNorm* norm, const float* y, const int* winners,
    const float* gradient, float* parts, float* normGradient, float* inputGradient,
    int capacity) {
  SHARED16 Planes<16> planes;
  SHARED16 Planes<16> gradients, products;
  SHARED Generator generator;
  SHARED float warps[Block<16>::THREADS / WARP][WARP];
  backward<16, true>(
      x, p, step, norm, y, winners, gradient, parts, normGradient, inputGradient, capacity, planes, gradients,
      products, generator, warps);
}

extern "C" __global__ void __launch_bounds__(MOMENT_THREADS) involution_plain_moments_8(
    const float* x, const int* step, double* parts, int images, int capacity) {
  SHARED double warps[MOMENT_THREADS / WARP][MOMENTS];
  moments<8>(x, step, parts, images, capacity, warps);
}

extern "C" __global__ void __launch_bounds__(Block<8>::THREADS) involution_plain_forward_8(
    const float* x, float* p, const int* step, const double* parts, int count, float* y, int* winners, BatchNorm* norm,
    int training, int capacity) {
  SHARED16 Planes<8> planes;
  SHARED Generator generator;
  forward<8>(x, p, step, parts, count, y, winners, norm, training, capacity, planes, generator);
}

extern "C" __global__ void __launch_bounds__(Block<8>::THREADS) involution_plain_backward_8(
    const float* x, const float* p, const int* step, const BatchNorm* norm, const float* y, const int* winners,
    const float* gradient, float* parts, float* normGradient, float* inputGradient,
    int capacity) {
  SHARED16 Planes<8> planes;
  SHARED16 Planes<8> gradients, products;
  SHARED Generator generator;
  SHARED float warps[Block<8>::THREADS / WARP][WARP];
  backward<8, true>(
      x, p, step, norm, y, winners, gradient, parts, normGradient, inputGradient, capacity, planes, gradients,
      products, generator, warps);
}
