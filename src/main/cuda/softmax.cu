// The output layer: logits, softmax and cross-entropy with its gradients. In float64 from the logits on, relative to
// the largest one, as SoftmaxCrossEntropy computes it.
#include "device.cuh"

#define THREADS 256
#define UNITS 64      // hidden units that are joined at once
#define KEPT 1024     // hidden units and logits that are in shared memory; more are read back from global memory

/** 2^n for n from -1074 to 1023, in two factors so that the small ones are right too. */
static __device__ double powerOfTwo(int n, double value) {
  int half = n / 2;
  return value * doubleOfBits((long long)(half + 1023) << 52) * doubleOfBits((long long)(n - half + 1023) << 52);
}

/** exp(x) for x <= 0: x = n log 2 + r, and exp(r)'s series up to r^13. NaN for NaN, 0 below -745. */
static __device__ double doubleExponential(double x) {
  if (!(x >= -745.0)) return x == x ? 0.0 : x;
  double n = rint(x * 1.4426950408889634);
  double r = fma(n, -0.693147180369123816490, x);
  r = fma(n, -1.90821492927058770002e-10, r);
  double p = 1.0 / 6227020800.0;
  p = fma(p, r, 1.0 / 479001600.0);
  p = fma(p, r, 1.0 / 39916800.0);
  p = fma(p, r, 1.0 / 3628800.0);
  p = fma(p, r, 1.0 / 362880.0);
  p = fma(p, r, 1.0 / 40320.0);
  p = fma(p, r, 1.0 / 5040.0);
  p = fma(p, r, 1.0 / 720.0);
  p = fma(p, r, 1.0 / 120.0);
  p = fma(p, r, 1.0 / 24.0);
  p = fma(p, r, 1.0 / 6.0);
  p = fma(p, r, 0.5);
  p = fma(p, r, 1.0);
  p = fma(p, r, 1.0);
  return powerOfTwo((int)n, p);
}

/** One example's loss, hit and gradients from its logits, by the first warp of a block. */
static __device__ void lossOf(const float* logits, int classes, int label, const double* weights, double own_share,
                              double other_share, float* gradient, double* loss, int* hit, double (&sums)[32]) {
  int lane = threadIdx.x, predicted = 0;
  float best = logits[0];
  bool numbers = best == best;
  for (int j = 1; j < classes; j++) {
    float logit = logits[j];
    numbers = numbers && logit == logit;
    predicted = logit > best ? j : predicted;
    best = logit > best ? logit : best;
  }
  double largest = numbers ? (double)best : doubleOfBits(0x7ff8000000000000LL), own = 0.0, sum = 0.0;
  if (lane < 32) {
    own = lane < classes ? doubleExponential((double)logits[lane] - largest) : 0.0;
    sum = own;
    for (int j = lane + 32; j < classes; j += 32) sum += doubleExponential((double)logits[j] - largest);
    sums[lane] = sum;
  }
  __syncthreads();
  if (lane >= 32) return;
  sum = sums[0];
  for (int j = 1; j < 32 && j < classes; j++) sum += sums[j];
  double weight = weights == nullptr ? 1.0 : weights[label];
  for (int j = lane; j < classes; j += 32) {
    double share = (j == lane ? own : doubleExponential((double)logits[j] - largest)) / sum;
    gradient[j] = (float)((share - (j == label ? own_share : other_share)) * weight);
  }
  if (lane == 0) {
    // Between 1 and the number of classes, or NaN.
    *loss = (sum == sum ? logarithm(sum) : sum) - ((double)logits[label] - largest);
    *hit = numbers && predicted == label ? 1 : 0;
  }
}

/** hidden[i] of an example: the sum of a dense layer's parts, a quarter of them at a time, its bias and its ReLU. */
static __device__ void join(const float* partial, int parts, size_t stride, const float* bias, float* hidden,
                            float* kept, int inputs, float (&quarters)[THREADS / UNITS][UNITS]) {
  int lane = threadIdx.x % UNITS, quarter = threadIdx.x / UNITS, each = (parts + 3) / 4;
  int first = quarter * each, last = first + each < parts ? first + each : parts;
  for (int from = 0; from < inputs; from += UNITS) {
    int i = from + lane;
    float sum = 0.0f;
    if (i < inputs) {
#pragma unroll 8
      for (int p = first; p < last; p++) sum += partial[p * stride + i];
    }
    quarters[quarter][lane] = sum;
    __syncthreads();
    if (quarter == 0 && i < inputs) {
      sum = (quarters[0][lane] + quarters[1][lane]) + (quarters[2][lane] + quarters[3][lane]) + bias[i];
      sum = sum <= 0.0f ? 0.0f : sum;  // NaN stays
      hidden[i] = sum;
      if (i < KEPT) kept[i] = sum;
    }
    __syncthreads();
  }
}

/**
 * One block an example: logits = hidden w + b, or hidden w if b is null, and, unless labels is null, its loss in nats
 * without class weights and label smoothing, whether it is classified correctly, and the gradients before division by
 * the number of examples, of the logits and of hidden. Of a label, own_share is its class's and other_share that of
 * every other class: 1 and 0 without label smoothing. If parts is above 0, hidden is first joined from the parts of the
 * dense layer before, which has a ReLU, and its gradient is that before the ReLU.
 */
extern "C" __global__ void __launch_bounds__(THREADS) softmax(
    const int* __restrict__ step, const float* __restrict__ partial, const float* __restrict__ partialBias,
    float* hidden, const float* __restrict__ w, const float* __restrict__ b, const int* __restrict__ labels,
    const double* __restrict__ weights, float* logits, float* logitGradients, float* hiddenGradients, double* losses,
    int* hits, int capacity, int inputs, int classes, int parts, double own_share, double other_share) {
  __shared__ double sums[32];
  __shared__ float quarters[THREADS / UNITS][UNITS];
  __shared__ float keptHidden[KEPT], keptLogits[KEPT], keptGradient[KEPT];
  int example = blockIdx.x, warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  if (example >= step[0]) return;
  const float* x = hidden += (size_t)example * inputs;
  if (parts > 0) {
    partial += (size_t)example * inputs;
    join(partial, parts, (size_t)capacity * inputs, partialBias, hidden, keptHidden, inputs, quarters);
    if (inputs <= KEPT) x = keptHidden;
  }
  logits += (size_t)example * classes;
  float* z = classes <= KEPT ? keptLogits : logits;
  for (int j = warp; j < classes; j += THREADS / 32) {
    float sum = 0.0f;
    for (int i = lane; i < inputs; i += 32) sum = fmaf(x[i], w[(size_t)j * inputs + i], sum);
    sum = warpSum(sum) + (b == nullptr ? 0.0f : b[j]);
    if (lane == 0) logits[j] = z[j] = sum;
  }
  if (labels == nullptr) return;
  __syncthreads();
  float* gradient = logitGradients + (size_t)example * classes;
  float* g = classes <= KEPT ? keptGradient : gradient;
  lossOf(z, classes, labels[example], weights, own_share, other_share, g, losses + example, hits + example, sums);
  __syncthreads();
  if (g != gradient)
    for (int j = threadIdx.x; j < classes; j += THREADS) gradient[j] = g[j];
  if (hiddenGradients == nullptr) return;
  for (int i = threadIdx.x; i < inputs; i += THREADS) {
    float sum = 0.0f;
    for (int j = 0; j < classes; j++) sum = fmaf(g[j], w[(size_t)j * inputs + i], sum);
    hiddenGradients[(size_t)example * inputs + i] = parts > 0 && !(x[i] > 0.0f) ? 0.0f : sum;
  }
}
