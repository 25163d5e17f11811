package io.involution.cuda.update;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.cuda.layer.RoundOnDevice;
import io.involution.cuda.layer.SoftmaxOnDevice;
import io.involution.train.StepSums;

/**
 * The end of a step: every parameter is changed in its own way, the round's sums of losses and
 * correct predictions, and the number of the next step.
 */
public final class UpdateOnDevice implements AutoCloseable {
  private static final int THREADS = 256;

  /** Parameters of a block, as update.cu has it. */
  private static final int PARAMETERS = 4 * THREADS;

  /** The sums in int32: a float64 and an int64. */
  private static final int WORDS = 4;

  private final CudaDevice device;
  private final RoundOnDevice round;
  private final VectorsOnDevice vectors;
  private final SoftmaxOnDevice output;
  private final int ways;

  /** Null where Muon trains nothing. */
  private final MuonOnDevice muon;

  private final Kernel kernel;
  private final DeviceMemory kinds;
  private final DeviceMemory sums;

  /**
   * The end of a network's steps.
   *
   * @param output counts the minibatch
   */
  public UpdateOnDevice(
      CudaDevice device,
      RoundOnDevice round,
      VectorsOnDevice vectors,
      UpdateRule rule,
      SoftmaxOnDevice output) {
    this.device = device;
    this.round = round;
    this.vectors = vectors;
    this.output = output;
    ways = rule.ways();
    muon = rule.matrices().isEmpty() ? null : new MuonOnDevice(device, round, vectors, rule);
    kernel = device.kernel("update", "update");
    byte[] kind = rule.kinds();
    if (kind.length != vectors.length()) {
      throw new IllegalArgumentException(
          kind.length + " parameters, and vectors of " + vectors.length());
    }
    kinds = device.allocate(kind.length);
    device.write(kinds.address(), kind);
    sums = device.allocate((long) Integer.BYTES * WORDS);
  }

  /** Enqueues it. */
  public void step() {
    if (muon != null) {
      muon.step();
    }
    int blocks = Grid.parts(vectors.length(), PARAMETERS);
    device.launch(
        kernel,
        new Grid(blocks + 1, THREADS),
        round.header(),
        round.table(),
        vectors.gradients(),
        kinds.address(),
        vectors.parameters(),
        vectors.firstMoments(),
        vectors.secondMoments(),
        vectors.length(),
        ways,
        output.losses(),
        output.hits(),
        sums.address(),
        sums.address() + Double.BYTES,
        round.next());
  }

  /** What the round's steps have counted so far, in nats without class weights; waits. */
  public StepSums sums() {
    int[] words = device.readInts(sums.address(), WORDS);
    long loss = ((long) words[1] << Integer.SIZE) | (words[0] & 0xffffffffL);
    return new StepSums(Double.longBitsToDouble(loss), words[2]);
  }

  @Override
  public void close() {
    if (muon != null) {
      muon.close();
    }
    kinds.close();
    sums.close();
  }
}
