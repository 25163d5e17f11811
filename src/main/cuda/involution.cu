// The involution for every setting: forward, backward and the BatchNorm between its two 1x1 convolutions. What is
// computed is written down in io.involution.layers.Involution; shapes are those of InvolutionShape.
//
// Forward: involution_reduce, involution_norm, involution_forward. Backward: involution_kernel_gradients,
// involution_norm_gradients, involution_reduce_gradients, involution_input_gradient (if wanted), involution_sums.
#include "device.cuh"

/** The layer's sizes, in device memory in this order; InvolutionSizes writes them. */
struct Sizes {
  int channels, height, width;
  int rows, columns;  // of the output before pooling
  int kernel, stride, groups, contiguous, reduced;
  int padTop, padLeft, averageTop, averageLeft;
  int relu, pool;

  __device__ int taps() const { return kernel * kernel; }
  __device__ int places() const { return rows * columns; }
  __device__ int pooledColumns() const { return pool ? columns / 2 : columns; }
  __device__ int pooledPlaces() const { return pool ? rows / 2 * (columns / 2) : rows * columns; }
  __device__ int perGroup() const { return channels / groups; }
  __device__ int channel(int group, int member) const {
    return contiguous ? group * perGroup() + member : member * groups + group;
  }
  /** From one channel of a group to the next. */
  __device__ int channelStep() const { return contiguous ? 1 : groups; }
  // Where each parameter begins, as ParameterOffsets has it.
  __device__ int biasAt() const { return reduced * channels; }
  __device__ int gammaAt() const { return biasAt() + reduced; }
  __device__ int betaAt() const { return gammaAt() + reduced; }
  __device__ int meanAt() const { return betaAt() + reduced; }
  __device__ int varianceAt() const { return meanAt() + reduced; }
  __device__ int spanAt() const { return varianceAt() + reduced; }
  __device__ int spanOutputs() const { return taps() * groups; }
  __device__ int spanLength() const { return spanOutputs() * (reduced + 1); }
};

/** What the BatchNorm of one reduced channel is, in double. */
struct Norm {
  double mean, inverse, scale, constant, slope;
};

/** Images of one or two channels: the BatchNorm cancels the length of the reduction's weights, so it is taken in double. */
#define EXACT_CHANNELS 2
#define EPSILON 1e-3
#define MOMENTUM 0.99
/** The winner of an output that the ReLU cut off. */
#define DEAD 4

/** The mean of the stride x stride pixels that make a pixel of the kernel's input; the pixel itself for stride 1. */
static __device__ float averaged(const float* plane, const Sizes& s, int row, int column) {
  if (s.stride == 1) return plane[row * s.width + column];
  int top = row * s.stride - s.averageTop, left = column * s.stride - s.averageLeft;
  int bottom = min(s.height, top + s.stride), right = min(s.width, left + s.stride);
  top = max(0, top);
  left = max(0, left);
  float sum = 0;
  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++) sum += plane[y * s.width + x];
  return sum / (float)((bottom - top) * (right - left));
}

/** A place of the kernel. */
struct Tap {
  int row, column;
  __device__ Tap(const Sizes& s, int tap) : row(tap / s.kernel), column(tap % s.kernel) {}
  __device__ void next(const Sizes& s, int by) {
    for (column += by; column >= s.kernel; column -= s.kernel) row++;
  }
};

/** One value of the first 1x1 convolution without its bias: the rounded one, or in double where that is not enough. */
static __device__ inline double reducedValue(
    float rounded, const float* in, const float* weights, const Sizes& s, int row, int column) {
  if (s.channels > EXACT_CHANNELS) return rounded;
  double sum = 0;
  for (int c = 0; c < s.channels; c++)
    sum = fma((double)weights[c], (double)averaged(in + c * s.height * s.width, s, row, column), sum);
  return sum;
}

/** ReLU of the BatchNorm; NaN stays NaN. */
static __device__ inline float activated(float reduced, float mean, float scale, float beta) {
  float value = fmaf(scale, reduced - mean, beta);
  return value <= 0.0f ? 0.0f : value;
}

#define REDUCE_THREADS 256
#define REDUCE_ROWS 8
/**
 * The first 1x1 convolution without its bias, reduced[image][R][places], and each image's mean and summed squared
 * deviation, moments[image][R][2]. Blocks: images, R / 8.
 */
extern "C" __global__ void __launch_bounds__(REDUCE_THREADS, 2) involution_reduce(
    const float* __restrict__ x, const float* __restrict__ p, const Sizes* __restrict__ sizes, const int* step, float* reduced,
    double* moments) {
  int image = blockIdx.x, first = blockIdx.y * REDUCE_ROWS;
  if (image >= stepCount(step)) return;
  const Sizes s = *sizes;
  int places = s.places(), rows = min(REDUCE_ROWS, s.reduced - first), plane = s.height * s.width;
  const float* in = x + (size_t)image * s.channels * plane;
  const float* weights = p + (size_t)first * s.channels;
  float* out = reduced + ((size_t)image * s.reduced + first) * places;
  for (int place = threadIdx.x; place < places; place += REDUCE_THREADS) {
    int row = place / s.columns, column = place % s.columns;
    if (s.channels <= EXACT_CHANNELS) {
      for (int r = 0; r < rows; r++)
        out[r * places + place] = (float)reducedValue(0, in, weights + r * s.channels, s, row, column);
    } else {
      float sum[REDUCE_ROWS];
#pragma unroll
      for (int r = 0; r < REDUCE_ROWS; r++) sum[r] = 0;
#pragma unroll 4
      for (int c = 0; c < s.channels; c++) {
        float pixel = s.stride == 1 ? in[c * plane + place] : averaged(in + c * plane, s, row, column);
#pragma unroll
        for (int r = 0; r < REDUCE_ROWS; r++)
          if (r < rows) sum[r] = fmaf(weights[r * s.channels + c], pixel, sum[r]);
      }
#pragma unroll
      for (int r = 0; r < REDUCE_ROWS; r++)
        if (r < rows) out[r * places + place] = sum[r];
    }
  }
  __syncthreads();
  int lane = threadIdx.x % WARP;
  for (int r = threadIdx.x / WARP; r < rows; r += REDUCE_THREADS / WARP) {
    const float *line = out + r * places, *of = weights + r * s.channels;
    double sum = 0, squares = 0;
    for (int i = lane; i < places; i += WARP) sum += reducedValue(line[i], in, of, s, i / s.columns, i % s.columns);
    double mean = warpSum(sum) / places;
    for (int i = lane; i < places; i += WARP) {
      double deviation = reducedValue(line[i], in, of, s, i / s.columns, i % s.columns) - mean;
      squares = fma(deviation, deviation, squares);
    }
    squares = warpSum(squares);
    if (lane == 0) {
      size_t to = ((size_t)image * s.reduced + first + r) * 2;
      moments[to] = mean;
      moments[to + 1] = squares;
    }
  }
}

#define NORM_THREADS 256
/**
 * Joins the images' moments and moves the running statistics in training, else takes the running statistics. Blocks:
 * R.
 */
extern "C" __global__ void __launch_bounds__(NORM_THREADS) involution_norm(
    float* p, const Sizes* sizes, const int* step, const double* __restrict__ moments, Norm* norms, int training) {
  SHARED double warps[NORM_THREADS / WARP];
  const Sizes s = *sizes;
  int r = blockIdx.x, count = stepCount(step);
  double mean, variance;
  if (training) {
    double sum = 0, squares = 0;
    for (int n = threadIdx.x; n < count; n += NORM_THREADS) sum += moments[((size_t)n * s.reduced + r) * 2];
    mean = blockSum<NORM_THREADS>(sum, warps) / count;
    for (int n = threadIdx.x; n < count; n += NORM_THREADS) {
      const double* of = moments + ((size_t)n * s.reduced + r) * 2;
      double deviation = of[0] - mean;
      squares += of[1] + s.places() * (deviation * deviation);
    }
    variance = blockSum<NORM_THREADS>(squares, warps) / ((double)count * s.places());
  } else {
    mean = (double)p[s.meanAt() + r] - (double)p[s.biasAt() + r];
    variance = p[s.varianceAt() + r];
  }
  if (threadIdx.x > 0) return;
  if (training) {
    float* running = p + s.meanAt() + r;
    *running = (float)(MOMENTUM * *running + (1 - MOMENTUM) * (mean + (double)p[s.biasAt() + r]));
    running = p + s.varianceAt() + r;
    *running = (float)(MOMENTUM * *running + (1 - MOMENTUM) * variance);
  }
  double inverse = 1 / (variance + EPSILON);
  norms[r].mean = mean;
  norms[r].inverse = inverse;
  norms[r].scale = p[s.gammaAt() + r] * sqrt(inverse);
}

#define FORWARD_THREADS 128
/** Taps that are worked on at a time, and for how many of their rows there is room; channels of a group: 4 or 8, at most MEMBERS in a tile. */
#define MEMBERS 8
#define TAPS 5
#define ROWS 192

/**
 * Weights of one group in rows of TAPS taps of one reduced channel, then the channel's mean, scale and beta; the rows
 * go through the reduced channels for the first taps, then for the next.
 */
struct SpanRows {
  float of[ROWS][TAPS + 3];

  /** Takes a row to registers. */
  __device__ void take(int r, float (&to)[TAPS + 3]) const {
    const float4* from = (const float4*)of[r];
#pragma unroll
    for (int i = 0; i < (TAPS + 3) / 4; i++) {
      float4 four = from[i];
      to[4 * i] = four.x;
      to[4 * i + 1] = four.y;
      to[4 * i + 2] = four.z;
      to[4 * i + 3] = four.w;
    }
  }
};

/** Loads the next rows when all before `row` are used up; the whole block comes here. */
static __device__ inline void loadSpan(
    SpanRows& rows, const float* p, const Sizes& s, const Norm* norms, int group, int row) {
  if (row % ROWS > 0) return;
  int count = min(ROWS, (s.taps() + TAPS - 1) / TAPS * s.reduced - row);
  __syncthreads();
  for (int i = threadIdx.x; i < count * (TAPS + 3); i += FORWARD_THREADS) {
    int line = i / (TAPS + 3), column = i % (TAPS + 3), r = (row + line) % s.reduced;
    int tap = (row + line) / s.reduced * TAPS + column;
    float value = 0;
    if (column == TAPS) {
      value = (float)norms[r].mean;
    } else if (column == TAPS + 1) {
      value = (float)norms[r].scale;
    } else if (column == TAPS + 2) {
      value = p[s.betaAt() + r];
    } else if (tap < s.taps()) {
      value = p[s.spanAt() + (size_t)(tap * s.groups + group) * s.reduced + r];
    }
    rows.of[line][column] = value;
  }
  __syncthreads();
}

/**
 * The output, and which place of its 2x2 window each one is (DEAD where the ReLU cut it off): winners[image][C][pooled
 * places]. Blocks: images x parts of an image's places, groups x parts of a group's channels. Threads: places; the
 * four of a window are neighbors.
 */
template <int MEMBERS_AT_ONCE>
static __device__ void forward(
    const float* __restrict__ x, const float* __restrict__ p, const Sizes* __restrict__ sizes,
    const int* __restrict__ step, const Norm* __restrict__ norms, const float* __restrict__ reduced,
    float* __restrict__ y, unsigned char* __restrict__ winners, SpanRows& span) {
  const int most = MEMBERS_AT_ONCE;
  const Sizes s = *sizes;
  int pooled = s.pooledPlaces(), window = s.pool ? 4 : 1;
  int blocks = (pooled * window + FORWARD_THREADS - 1) / FORWARD_THREADS;
  int image = blockIdx.x / blocks, item = blockIdx.x % blocks * FORWARD_THREADS + threadIdx.x;
  if (image >= stepCount(step)) return;
  int parts = (s.perGroup() + most - 1) / most;
  int group = blockIdx.y / parts, member = blockIdx.y % parts * most;
  int members = min(most, s.perGroup() - member);
  int at = item / window;
  bool inside = at < pooled;
  if (!inside) at = 0;
  int row = at / s.pooledColumns(), column = at % s.pooledColumns();
  if (s.pool) {
    row = 2 * row + (item >> 1 & 1);
    column = 2 * column + (item & 1);
  }
  int plane = s.height * s.width, next = s.channelStep() * plane;
  const float* in = x + ((size_t)image * s.channels + s.channel(group, member)) * plane;
  const float* lines = reduced + (size_t)image * s.reduced * s.places() + row * s.columns + column;
  float sum[most];
#pragma unroll
  for (int j = 0; j < most; j++) sum[j] = 0;
  for (int firstTap = 0; firstTap < s.taps(); firstTap += TAPS) {
    float kernel[TAPS];
#pragma unroll
    for (int t = 0; t < TAPS; t++) {
      int output = (firstTap + t) * s.groups + group;
      kernel[t] = firstTap + t < s.taps() ? p[s.spanAt() + (size_t)s.spanOutputs() * s.reduced + output] : 0.0f;
    }
    for (int first = 0, rows; first < s.reduced; first += rows) {
      int at = firstTap / TAPS * s.reduced + first;
      loadSpan(span, p, s, norms, group, at);
      at %= ROWS;
      rows = min(ROWS - at, s.reduced - first);
      const float* line = lines + (size_t)first * s.places();
#pragma unroll 4
      for (int r = 0; r < rows; r++) {
        float of[TAPS + 3];
        span.take(at + r, of);
        float z = activated(line[r * s.places()], of[TAPS], of[TAPS + 1], of[TAPS + 2]);
#pragma unroll
        for (int t = 0; t < TAPS; t++) kernel[t] = fmaf(of[t], z, kernel[t]);
      }
    }
    // Outside the image some other pixel is read in vain, so that no load waits for a branch.
    Tap tap(s, firstTap);
#pragma unroll
    for (int t = 0; t < TAPS; t++, tap.next(s, 1)) {
      int from = row * s.stride + tap.row - s.padTop, along = column * s.stride + tap.column - s.padLeft;
      bool there = tap.row < s.kernel && from >= 0 && from < s.height && along >= 0 && along < s.width;
      const float* pixel = in + (there ? from * s.width + along : 0);
#pragma unroll
      for (int j = 0; j < most; j++) {
        if (j < members) {
          float value = pixel[j * next];
          sum[j] = fmaf(kernel[t], there ? value : 0.0f, sum[j]);
        }
      }
    }
  }
  for (int j = 0; j < members; j++) {
    float best = sum[j];
    int winner = 0;
    if (s.pool) {
      // The first of the largest: the left of a row unless the right is larger, then the upper row likewise.
      float other = __shfl_xor_sync(ALL_LANES, best, 1);
      float left = item & 1 ? other : best, right = item & 1 ? best : other;
      winner = right > left;
      best = right > left ? right : left;
      other = __shfl_xor_sync(ALL_LANES, best, 2);
      int otherWinner = __shfl_xor_sync(ALL_LANES, winner, 2);
      float above = item & 2 ? other : best, below = item & 2 ? best : other;
      int aboveWinner = item & 2 ? otherWinner : winner, belowWinner = item & 2 ? winner : otherWinner;
      winner = below > above ? belowWinner + 2 : aboveWinner;
      best = below > above ? below : above;
    }
    if (s.relu && best <= 0.0f) {
      best = 0;
      winner = DEAD;
    }
    if (inside && item % window == 0) {
      size_t to = ((size_t)image * s.channels + s.channel(group, member + j)) * pooled + at;
      y[to] = best;
      winners[to] = (unsigned char)winner;
    }
  }
}

extern "C" __global__ void __launch_bounds__(FORWARD_THREADS, 4) involution_forward_4(
    const float* x, const float* p, const Sizes* sizes, const int* step, const Norm* norms, const float* reduced, float* y,
    unsigned char* winners) {
  SHARED16 SpanRows span;
  forward<4>(x, p, sizes, step, norms, reduced, y, winners, span);
}

extern "C" __global__ void __launch_bounds__(FORWARD_THREADS, 4) involution_forward_8(
    const float* x, const float* p, const Sizes* sizes, const int* step, const Norm* norms, const float* reduced, float* y,
    unsigned char* winners) {
  SHARED16 SpanRows span;
  forward<8>(x, p, sizes, step, norms, reduced, y, winners, span);
}

/** The gradient of the involution's output at a place before ReLU and max-pool. */
static __device__ inline float outputGradient(
    const float* gradient, const unsigned char* winners, const Sizes& s, size_t plane, int row, int column) {
  int winner = 0;
  if (s.pool) {
    winner = (row & 1) * 2 + (column & 1);
    row >>= 1;
    column >>= 1;
    if (row >= s.rows / 2 || column >= s.columns / 2) return 0;
  }
  size_t at = plane * s.pooledPlaces() + row * s.pooledColumns() + column;
  return winners[at] == winner ? gradient[at] : 0.0f;
}

#define TILE 64
#define GRADIENT_THREADS 256
#define QUARTERS (GRADIENT_THREADS / TILE)
#define TILE_TAPS 32
#define TILE_ROWS 32

/** One tile of places in shared memory; rows are read by fours, and a column of them lies in different banks. */
struct Tile {
  float kernelGradient[TILE_TAPS][TILE + 4];
  float z[TILE_ROWS + 2][TILE + 4];     // behind the last row ones, for the biases
  float weight[TILE_TAPS][TILE_ROWS];  // of one tap and group: those of a quarter of the block are neighbors
  float gradient[MEMBERS][TILE];
};

/** The products of a row of the kernel's gradient with two rows of z. */
static __device__ inline void rowProducts(const float* gradient, const float* z, float& first, float& second) {
  first = second = 0;
#pragma unroll 4
  for (int k = 0; k < TILE; k += 4) {
    float4 g = *(const float4*)(gradient + k), u = *(const float4*)(z + k), v = *(const float4*)(z + TILE + 4 + k);
    first = fmaf(g.w, u.w, fmaf(g.z, u.z, fmaf(g.y, u.y, fmaf(g.x, u.x, first))));
    second = fmaf(g.w, v.w, fmaf(g.z, v.z, fmaf(g.y, v.y, fmaf(g.x, v.x, second))));
  }
}

/**
 * Of the output's gradient: itself before ReLU and max-pool, placeGradient[image][C][places]; the gradients of the
 * span's weights and biases summed over a tile, spanParts[image x tile][weights, biases]; the gradient of the
 * BatchNorm's output, normGradient[image][R][places], two sums of it for each half of the tile, normParts[image x
 * tile][2][R][2], and the ReLU of that output again, z[image][R][places]. Blocks: images x tiles of 64 places. A quarter
 * of the block has every fourth tap, every fourth channel of a group, and every fourth reduced channel.
 */
extern "C" __global__ void __launch_bounds__(GRADIENT_THREADS, 2) involution_kernel_gradients(
    const float* __restrict__ x, const float* __restrict__ p, const Sizes* __restrict__ sizes,
    const int* __restrict__ step, const Norm* __restrict__ norms, const float* __restrict__ reduced,
    const unsigned char* __restrict__ winners, const float* __restrict__ gradient, float* __restrict__ placeGradient,
    float* __restrict__ normGradient, float* __restrict__ activations, float* __restrict__ spanParts,
    double* __restrict__ normParts) {
  const int each = TILE_TAPS / QUARTERS, eachRow = TILE_ROWS / QUARTERS;
  SHARED16 Tile tile;
  const Sizes s = *sizes;
  int places = s.places(), tiles = (places + TILE - 1) / TILE, image = blockIdx.x / tiles;
  if (image >= stepCount(step)) return;
  int mine = threadIdx.x % TILE, quarter = threadIdx.x / TILE;
  int place = blockIdx.x % tiles * TILE + mine, row = place / s.columns, column = place % s.columns;
  bool inside = place < places;
  int plane = s.height * s.width, next = s.channelStep() * plane;
  const float* in = x + (size_t)image * s.channels * plane;
  float* spanPart = spanParts + (size_t)blockIdx.x * s.spanLength();
  for (int first = 0; first < s.reduced; first += TILE_ROWS) {
    int rows = min(TILE_ROWS, s.reduced - first);
    size_t line = ((size_t)image * s.reduced + first) * places + place;
    float back[eachRow];
#pragma unroll
    for (int i = 0; i < eachRow; i++) back[i] = 0;
    __syncthreads();
#pragma unroll 2
    for (int r = quarter; r < TILE_ROWS + 2; r += QUARTERS) {
      float z = r == rows ? 1 : 0;
      if (inside && r < rows) {
        const Norm& norm = norms[first + r];
        size_t at = line + (size_t)r * places;
        z = activated(reduced[at], (float)norm.mean, (float)norm.scale, p[s.betaAt() + first + r]);
        activations[at] = z;
      }
      tile.z[r][mine] = z;
    }
    for (int group = 0; group < s.groups; group++) {
      for (int firstTap = 0; firstTap < s.taps(); firstTap += TILE_TAPS) {
        int taps = min(TILE_TAPS, s.taps() - firstTap);
        float sum[each];
#pragma unroll
        for (int i = 0; i < each; i++) sum[i] = 0;
        for (int member = 0; member < s.perGroup(); member += MEMBERS) {
          int members = min(MEMBERS, s.perGroup() - member);
          const float* from = in + (size_t)s.channel(group, member) * plane;
          __syncthreads();
          for (int j = quarter; j < members; j += QUARTERS) {
            size_t channel = (size_t)image * s.channels + s.channel(group, member + j);
            float of = inside ? outputGradient(gradient, winners, s, channel, row, column) : 0.0f;
            tile.gradient[j][mine] = of;
            if (inside && first == 0 && firstTap == 0) placeGradient[channel * places + place] = of;
          }
          if (member == 0) {
#pragma unroll
            for (int i = 0; i < TILE_TAPS * TILE_ROWS / GRADIENT_THREADS; i++) {
              int cell = threadIdx.x + i * GRADIENT_THREADS, t = cell / TILE_ROWS, to = cell % TILE_ROWS;
              int r = to / eachRow + to % eachRow * QUARTERS;
              size_t at = (size_t)((firstTap + t) * s.groups + group) * s.reduced + first + r;
              tile.weight[t][to] = r < rows && t < taps ? p[s.spanAt() + at] : 0.0f;
            }
          }
          __syncthreads();
          Tap tap(s, firstTap + quarter);
#pragma unroll
          for (int i = 0; i < each; i++, tap.next(s, QUARTERS)) {
            int y = row * s.stride + tap.row - s.padTop, along = column * s.stride + tap.column - s.padLeft;
            bool there = tap.row < s.kernel && y >= 0 && y < s.height && along >= 0 && along < s.width;
            const float* pixel = from + (inside && there ? y * s.width + along : 0);
#pragma unroll 4
            for (int j = 0; j < members; j++) {
              float value = pixel[j * next];
              sum[i] = fmaf(tile.gradient[j][mine], there ? value : 0.0f, sum[i]);
            }
          }
        }
#pragma unroll
        for (int i = 0; i < each; i++) tile.kernelGradient[quarter + i * QUARTERS][mine] = sum[i];
        __syncthreads();
        for (int t = 0; t < taps; t++) {
          float of = tile.kernelGradient[t][mine];
#pragma unroll
          for (int i = 0; i < eachRow; i += 4) {
            if (i * QUARTERS < rows) {
              float4 weight = *(const float4*)&tile.weight[t][quarter * eachRow + i];
              back[i] = fmaf(weight.x, of, back[i]);
              back[i + 1] = fmaf(weight.y, of, back[i + 1]);
              back[i + 2] = fmaf(weight.z, of, back[i + 2]);
              back[i + 3] = fmaf(weight.w, of, back[i + 3]);
            }
          }
        }
        for (int i = threadIdx.x, pairs = (rows + 2) / 2; i < taps * pairs; i += GRADIENT_THREADS) {
          int t = i / pairs, r = i % pairs * 2, output = (firstTap + t) * s.groups + group;
          float products[2];
          rowProducts(tile.kernelGradient[t], tile.z[r], products[0], products[1]);
          float* to = spanPart + (size_t)output * s.reduced + first;
#pragma unroll
          for (int k = 0; k < 2; k++) {
            if (r + k < rows) to[r + k] = products[k];
            if (r + k == rows && first == 0) spanPart[(size_t)s.spanOutputs() * s.reduced + output] = products[k];
          }
        }
      }
    }
    // What the BatchNorm's ReLU lets through, and its sums: a warp is one half of the tile.
    __syncthreads();
#pragma unroll
    for (int i = 0; i < eachRow; i++) tile.kernelGradient[quarter + i * QUARTERS][mine] = back[i];
#pragma unroll 1
    for (int r = quarter; r < rows; r += QUARTERS) {
      double passed = 0, product = 0;
      if (inside) {
        size_t at = line + (size_t)r * places;
        float through = tile.z[r][mine] == 0.0f ? 0.0f : tile.kernelGradient[r][mine];
        normGradient[at] = through;
        passed = through;
        const float* weights = p + (first + r) * s.channels;
        product = passed * (reducedValue(reduced[at], in, weights, s, row, column) - norms[first + r].mean);
      }
      passed = warpSum(passed);
      product = warpSum(product);
      if (threadIdx.x % WARP == 0) {
        size_t part = (size_t)blockIdx.x * (TILE / WARP) + mine / WARP;
        normParts[(part * s.reduced + first + r) * 2] = passed;
        normParts[(part * s.reduced + first + r) * 2 + 1] = product;
      }
    }
  }
}

/**
 * Joins the two sums of every reduced channel: the gradients of gamma, beta, bias and statistics (0: the batch's mean
 * cancels the bias), and what the rest of the backward pass needs. Blocks: R.
 */
extern "C" __global__ void __launch_bounds__(NORM_THREADS) involution_norm_gradients(
    const Sizes* __restrict__ sizes, const int* __restrict__ step, const double* __restrict__ normParts, Norm* norms,
    float* __restrict__ gradients) {
  SHARED double warps[NORM_THREADS / WARP];
  const Sizes s = *sizes;
  int r = blockIdx.x, count = stepCount(step);
  int parts = count * ((s.places() + TILE - 1) / TILE) * (TILE / WARP);
  double sum = 0, product = 0;
#pragma unroll 4
  for (int i = threadIdx.x; i < parts; i += NORM_THREADS) {
    const double* of = normParts + ((size_t)i * s.reduced + r) * 2;
    sum += of[0];
    product += of[1];
  }
  sum = blockSum<NORM_THREADS>(sum, warps);
  product = blockSum<NORM_THREADS>(product, warps);
  if (threadIdx.x > 0) return;
  double values = (double)count * s.places(), inverse = norms[r].inverse;
  norms[r].constant = sum / values;
  norms[r].slope = product / values * inverse;
  gradients[s.biasAt() + r] = 0;
  gradients[s.gammaAt() + r] = (float)(product * sqrt(inverse));
  gradients[s.betaAt() + r] = (float)sum;
  gradients[s.meanAt() + r] = 0;
  gradients[s.varianceAt() + r] = 0;
}

/** The gradient of r', the first convolution without its bias. */
static __device__ inline float reducedGradient(float gradient, float reduced, const Norm& norm) {
  float deviation = reduced - (float)norm.mean;
  return (float)norm.scale * fmaf(-(float)norm.slope, deviation, gradient - (float)norm.constant);
}

#define SQUARE 32
struct ReduceTile {
  float gradient[SQUARE][TILE + 1];
  float pixel[SQUARE][TILE + 1];
};
/** The same sums in double: a warp has every eighth reduced channel. */
static __device__ void exactReduceGradients(
    const float* in, const float* weights, const Sizes& s, const Norm* norms, const float* normGradient, int rows,
    double* to) {
  int places = s.places(), lane = threadIdx.x % WARP;
  for (int r = threadIdx.x / WARP; r < rows; r += GRADIENT_THREADS / WARP) {
    for (int c = 0; c < s.channels; c++) {
      double sum = 0;
      for (int i = lane; i < places; i += WARP) {
        int row = i / s.columns, column = i % s.columns;
        double deviation = reducedValue(0, in, weights + r * s.channels, s, row, column) - norms[r].mean;
        double gradient = (double)normGradient[r * places + i] - norms[r].constant - norms[r].slope * deviation;
        sum = fma(gradient, (double)averaged(in + c * s.height * s.width, s, row, column), sum);
      }
      sum = warpSum(sum);
      if (lane == 0) to[r * s.channels + c] = norms[r].scale * sum;
    }
  }
}

/**
 * The gradient of the first convolution's weights summed over an image, reduceParts[image][R][C]. Blocks: images, R /
 * 32, C / 32.
 */
extern "C" __global__ void __launch_bounds__(GRADIENT_THREADS, 2) involution_reduce_gradients(
    const float* __restrict__ x, const float* __restrict__ p, const Sizes* __restrict__ sizes,
    const int* __restrict__ step, const Norm* __restrict__ norms, const float* __restrict__ reduced,
    const float* __restrict__ normGradient, double* __restrict__ reduceParts) {
  SHARED ReduceTile tile;
  const Sizes s = *sizes;
  int image = blockIdx.x, firstRow = blockIdx.y * SQUARE, firstChannel = blockIdx.z * SQUARE;
  if (image >= stepCount(step)) return;
  int rows = min(SQUARE, s.reduced - firstRow), channels = min(SQUARE, s.channels - firstChannel);
  int places = s.places(), plane = s.height * s.width;
  int mine = threadIdx.x % TILE, quarter = threadIdx.x / TILE, r = threadIdx.x / 16, c = threadIdx.x % 16;
  const float* in = x + ((size_t)image * s.channels + firstChannel) * plane;
  size_t line = ((size_t)image * s.reduced + firstRow) * places;
  double* to = reduceParts + ((size_t)image * s.reduced + firstRow) * s.channels + firstChannel;
  if (s.channels <= EXACT_CHANNELS) {
    exactReduceGradients(in, p + firstRow * s.channels, s, norms + firstRow, normGradient + line, rows, to);
    return;
  }
  double sum[2][2] = {{0, 0}, {0, 0}};
  for (int first = 0; first < places; first += TILE) {
    int place = first + mine;
    bool inside = place < places;
    __syncthreads();
    for (int i = quarter; i < SQUARE; i += QUARTERS) {
      size_t at = line + (size_t)i * places + place;
      bool there = inside && i < rows;
      tile.gradient[i][mine] = there ? reducedGradient(normGradient[at], reduced[at], norms[firstRow + i]) : 0.0f;
      there = inside && i < channels;
      tile.pixel[i][mine] = there ? averaged(in + i * plane, s, place / s.columns, place % s.columns) : 0.0f;
    }
    __syncthreads();
    float more[2][2] = {{0, 0}, {0, 0}};
    for (int i = 0; i < TILE; i++) {
      float g[2] = {tile.gradient[r][i], tile.gradient[r + 16][i]}, v[2] = {tile.pixel[c][i], tile.pixel[c + 16][i]};
#pragma unroll
      for (int k = 0; k < 4; k++) more[k / 2][k % 2] = fmaf(g[k / 2], v[k % 2], more[k / 2][k % 2]);
    }
#pragma unroll
    for (int k = 0; k < 4; k++) sum[k / 2][k % 2] += (double)more[k / 2][k % 2];
  }
#pragma unroll
  for (int k = 0; k < 4; k++) {
    int toRow = r + k / 2 * 16, toChannel = c + k % 2 * 16;
    if (toRow < rows && toChannel < channels) to[(size_t)toRow * s.channels + toChannel] = sum[k / 2][k % 2];
  }
}

/**
 * The input's gradient: through the patches of all outputs that a pixel is in, and through the kernels' generator.
 * Blocks: images x parts of an image's pixels, groups x parts of a group's channels.
 */
template <int MEMBERS_AT_ONCE>
static __device__ void inputGradients(
    const float* __restrict__ p, const Sizes* __restrict__ sizes, const int* __restrict__ step,
    const Norm* __restrict__ norms, const float* __restrict__ reduced, const float* __restrict__ normGradient,
    const float* __restrict__ activations, const float* __restrict__ placeGradient,
    float* __restrict__ inputGradient, SpanRows& span) {
  const int most = MEMBERS_AT_ONCE;
  const Sizes s = *sizes;
  int plane = s.height * s.width, places = s.places();
  int blocks = (plane + FORWARD_THREADS - 1) / FORWARD_THREADS;
  int image = blockIdx.x / blocks, pixel = blockIdx.x % blocks * FORWARD_THREADS + threadIdx.x;
  if (image >= stepCount(step)) return;
  int parts = (s.perGroup() + most - 1) / most;
  int group = blockIdx.y / parts, member = blockIdx.y % parts * most;
  int members = min(most, s.perGroup() - member), next = s.channelStep() * places;
  bool inside = pixel < plane;
  int y = pixel / s.width, x = pixel % s.width;
  const float* lines = activations + (size_t)image * s.reduced * places;
  const float* of = placeGradient + ((size_t)image * s.channels + s.channel(group, member)) * places;
  float sum[most];
#pragma unroll
  for (int j = 0; j < most; j++) sum[j] = 0;
  for (int firstTap = 0; firstTap < s.taps(); firstTap += TAPS) {
    float kernel[TAPS];
    int from[TAPS];
    Tap tap(s, firstTap);
#pragma unroll
    for (int t = 0; t < TAPS; t++, tap.next(s, 1)) {
      int row = y + s.padTop - tap.row, column = x + s.padLeft - tap.column;
      bool reached = inside && tap.row < s.kernel && row >= 0 && column >= 0;
      if (s.stride > 1) {
        reached = reached && row % s.stride == 0 && column % s.stride == 0;
        row /= s.stride;
        column /= s.stride;
      }
      from[t] = reached && row < s.rows && column < s.columns ? row * s.columns + column : -1;
      int output = (firstTap + t) * s.groups + group;
      kernel[t] = tap.row < s.kernel ? p[s.spanAt() + (size_t)s.spanOutputs() * s.reduced + output] : 0.0f;
    }
    for (int first = 0, rows; first < s.reduced; first += rows) {
      int at = firstTap / TAPS * s.reduced + first;
      loadSpan(span, p, s, norms, group, at);
      at %= ROWS;
      rows = min(ROWS - at, s.reduced - first);
      const float* line = lines + (size_t)first * places;
#pragma unroll 2
      for (int r = 0; r < rows; r++) {
        float weights[TAPS + 3];
        span.take(at + r, weights);
#pragma unroll
        for (int t = 0; t < TAPS; t++) kernel[t] = fmaf(weights[t], line[r * places + max(0, from[t])], kernel[t]);
      }
    }
    // Where no output is reached, some other place is read in vain, so that no load waits for a branch.
#pragma unroll
    for (int t = 0; t < TAPS; t++) {
#pragma unroll
      for (int j = 0; j < most; j++) {
        if (j < members) {
          float value = of[j * next + max(0, from[t])];
          sum[j] = fmaf(kernel[t], from[t] >= 0 ? value : 0.0f, sum[j]);
        }
      }
    }
  }
  if (!inside) return;
  // The one place whose average the pixel is in.
  int row = (y + s.averageTop) / s.stride, column = (x + s.averageLeft) / s.stride;
  int top = row * s.stride - s.averageTop, left = column * s.stride - s.averageLeft;
  int count = (min(s.height, top + s.stride) - max(0, top)) * (min(s.width, left + s.stride) - max(0, left));
  float through[most];
#pragma unroll
  for (int j = 0; j < most; j++) through[j] = 0;
  for (int r = 0; r < s.reduced; r++) {
    size_t at = ((size_t)image * s.reduced + r) * places + row * s.columns + column;
    float more = reducedGradient(normGradient[at], reduced[at], norms[r]);
#pragma unroll
    for (int j = 0; j < most; j++)
      if (j < members) through[j] = fmaf(p[r * s.channels + s.channel(group, member + j)], more, through[j]);
  }
#pragma unroll
  for (int j = 0; j < most; j++)
    if (j < members)
      inputGradient[((size_t)image * s.channels + s.channel(group, member + j)) * plane + pixel] =
          sum[j] + through[j] / (float)count;
}

extern "C" __global__ void __launch_bounds__(FORWARD_THREADS, 4) involution_input_gradient_4(
    const float* p, const Sizes* sizes, const int* step, const Norm* norms, const float* reduced,
    const float* normGradient, const float* activations, const float* placeGradient, float* inputGradient) {
  SHARED16 SpanRows span;
  inputGradients<4>(p, sizes, step, norms, reduced, normGradient, activations, placeGradient, inputGradient, span);
}

extern "C" __global__ void __launch_bounds__(FORWARD_THREADS, 3) involution_input_gradient_8(
    const float* p, const Sizes* sizes, const int* step, const Norm* norms, const float* reduced,
    const float* normGradient, const float* activations, const float* placeGradient, float* inputGradient) {
  SHARED16 SpanRows span;
  inputGradients<8>(p, sizes, step, norms, reduced, normGradient, activations, placeGradient, inputGradient, span);
}

#define SUM_THREADS 512
#define SUM_ROWS (SUM_THREADS / WARP)
/** The sum of a column of parts[count][length]: every warp of the block has every 16th row, joined as a fixed order. */
template <class T>
static __device__ void sumColumn(const T* parts, int count, int length, int first, float* to, double (*rows)[WARP]) {
  int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, column = first + lane;
  double sum = 0;
  if (column < length) {
#pragma unroll 8
    for (int i = warp; i < count; i += SUM_ROWS) sum += (double)parts[(size_t)i * length + column];
  }
  rows[warp][lane] = sum;
  __syncthreads();
  if (warp > 0 || column >= length) return;
  for (int i = 1; i < SUM_ROWS; i++) sum += rows[i][lane];
  to[column] = (float)sum;
}

/** The weights' gradients from their parts. Blocks: the span's entries / 32, then the reduction's weights / 32. */
extern "C" __global__ void __launch_bounds__(SUM_THREADS) involution_sums(
    const Sizes* __restrict__ sizes, const int* __restrict__ step, const float* __restrict__ spanParts,
    const double* __restrict__ reduceParts, float* __restrict__ gradients) {
  SHARED double rows[SUM_ROWS][WARP];
  const Sizes s = *sizes;
  int spanBlocks = (s.spanLength() + WARP - 1) / WARP, count = stepCount(step), block = blockIdx.x;
  if (block < spanBlocks) {
    int tiles = (s.places() + TILE - 1) / TILE;
    sumColumn(spanParts, count * tiles, s.spanLength(), block * WARP, gradients + s.spanAt(), rows);
  } else {
    sumColumn(reduceParts, count, s.reduced * s.channels, (block - spanBlocks) * WARP, gradients, rows);
  }
}
