// The end of a step, as DL4J and ND4J compute it: weight decay in the gradient (l2), one of the rules below, and decoupled
// weight decay. Adam is Kingma and Ba's (ICLR 2015) in the form at the end of section 2: epsilon outside of the square
// root, the bias corrections in the step size. Nesterov momentum has the step size within the velocity.
#include "device.cuh"
#include "update.cuh"

#define THREADS 256
#define EACH 4  // parameters of a thread
#define MOST_WAYS 32

/** The sum of the examples' losses and hits, by one block: strided chains, joined by halves. */
static __device__ void addUp(const double* losses, const int* hits, int count, bool first, double* lossSum,
                             long long* correct, double (&lossParts)[THREADS], int (&hitParts)[THREADS]) {
  int thread = threadIdx.x;
  double loss = 0.0;
  int hit = 0;
  for (int i = thread; i < count; i += THREADS) {
    loss += losses[i];
    hit += hits[i];
  }
  lossParts[thread] = loss;
  hitParts[thread] = hit;
  for (int half = THREADS / 2; half > 0; half /= 2) {
    __syncthreads();
    if (thread < half) {
      lossParts[thread] += lossParts[thread + half];
      hitParts[thread] += hitParts[thread + half];
    }
  }
  if (thread == 0) {
    *lossSum = (first ? 0.0 : *lossSum) + lossParts[0];
    *correct = (first ? 0 : *correct) + hitParts[0];
  }
}

/** What is subtracted from a parameter; moves its state. */
static __device__ float changeOf(int rule, const float* way, float gradient, float& first, float& second) {
  if (rule == ADAM) {
    first = fmaf(gradient, way[FIRST_REST], way[FIRST] * first);
    second = fmaf(gradient * gradient, way[SECOND_REST], way[SECOND] * second);
    return first * way[RATE] / (sqrtf(second) + way[EPSILON]);
  }
  if (rule == NESTEROVS) {
    float kept = way[FIRST] * first;
    first = fmaf(-way[RATE], gradient, kept);
    return fmaf(-way[FIRST_REST], first, kept);
  }
  return way[RATE] * gradient;
}

/**
 * Updates the parameters from the gradients' sums over the step's examples. Parameters that are changed in the same way
 * share its numbers of this step: the rates of a round are [steps][ways][NUMBERS]. m is Adam's first moment or the
 * velocity, v Adam's second moment. Muon's gradients are directions already, see muon.cu. The last block adds the
 * step's losses and hits to the round's, which begin at 0 in step 0, and says that the next step is next.
 */
extern "C" __global__ void __launch_bounds__(THREADS) update(
    const int* __restrict__ step, const unsigned long long* __restrict__ round, const float* __restrict__ gradients,
    const unsigned char* __restrict__ kinds, float* __restrict__ parameters, float* __restrict__ m,
    float* __restrict__ v, int length, int ways, const double* __restrict__ losses, const int* __restrict__ hits,
    double* lossSum, long long* correct, int* next) {
  __shared__ double lossParts[THREADS];
  __shared__ int hitParts[THREADS];
  __shared__ float numbers[MOST_WAYS * NUMBERS];
  int count = step[0], index = step[2];
  if (blockIdx.x == gridDim.x - 1) {
    addUp(losses, hits, count, index == 0, lossSum, correct, lossParts, hitParts);
    if (threadIdx.x == 0) *next = index + 1;
    return;
  }
  const float* rates = (const float*)round[RATES] + (size_t)index * ways * NUMBERS;
  for (int i = threadIdx.x; i < ways * NUMBERS; i += THREADS) numbers[i] = rates[i];
  int start = blockIdx.x * THREADS * EACH + threadIdx.x;
  float gradient[EACH], first[EACH], second[EACH], parameter[EACH];
  int kind[EACH];
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int i = start + j * THREADS;
    bool inside = i < length;
    kind[j] = inside ? kinds[i] : NOTHING;
    gradient[j] = inside ? gradients[i] : 0.0f;
    first[j] = inside ? m[i] : 0.0f;
    second[j] = inside ? v[i] : 0.0f;
    parameter[j] = inside ? parameters[i] : 0.0f;
  }
  __syncthreads();
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int i = start + j * THREADS, rule = kind[j] & ((1 << RULE_BITS) - 1);
    if (rule == NOTHING) continue;
    const float* way = numbers + (kind[j] >> RULE_BITS) * NUMBERS;
    float mean = rule == MUON ? gradient[j] : gradient[j] / (float)count;
    if (rule != MUON && way[L2] != 0.0f) mean = fmaf(way[L2], parameter[j], mean);
    float change = changeOf(rule, way, mean, first[j], second[j]);
    if (way[DECAY] != 0.0f) change = fmaf(way[DECAY], parameter[j], change);
    if (rule == ADAM || rule == NESTEROVS) m[i] = first[j];
    if (rule == ADAM) v[i] = second[j];
    parameters[i] = parameter[j] - change;
  }
}
