package io.involution.cuda.update;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.cuda.layer.RoundOnDevice;
import java.util.ArrayList;
import java.util.List;

/**
 * Muon's matrices in a step: their velocities are moved, and their gradients replaced by the
 * directions of which the step size's multiple is subtracted. Five Newton-Schulz steps, each of
 * three launches for all matrices.
 */
final class MuonOnDevice implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int STEPS = 5;

  private final CudaDevice device;
  private final RoundOnDevice round;
  private final VectorsOnDevice vectors;
  private final UpdateRule rule;
  private final Kernel momentum;
  private final Kernel normalize;
  private final Kernel squares;
  private final Kernel polynomials;
  private final Kernel apply;
  private final List<DeviceMemory> memory = new ArrayList<>();
  private final long matrices;
  private final long blocks;
  private final long squareTiles;
  private final long matrixTiles;
  private final Grid byBlock;
  private final Grid bySquareTile;
  private final Grid byMatrixTile;
  private final long[] values = new long[2];
  private final long square;
  private final long polynomial;
  private final long sums;

  MuonOnDevice(CudaDevice device, RoundOnDevice round, VectorsOnDevice vectors, UpdateRule rule) {
    this.device = device;
    this.round = round;
    this.vectors = vectors;
    this.rule = rule;
    momentum = device.kernel("muon", "muon_momentum");
    normalize = device.kernel("muon", "muon_normalize");
    squares = device.kernel("muon", "muon_square");
    polynomials = device.kernel("muon", "muon_polynomial");
    apply = device.kernel("muon", "muon_apply");
    MuonTables tables = new MuonTables(rule.matrices());
    matrices = copied(tables.table());
    blocks = copied(tables.blocks());
    squareTiles = copied(tables.squareTiles());
    matrixTiles = copied(tables.matrixTiles());
    byBlock = new Grid(tables.blocks().length / 2, THREADS);
    bySquareTile = new Grid(tables.squareTiles().length / 4, THREADS);
    byMatrixTile = new Grid(tables.matrixTiles().length / 4, THREADS);
    values[0] = allocated((long) Float.BYTES * tables.entries());
    values[1] = allocated((long) Float.BYTES * tables.entries());
    square = allocated((long) Float.BYTES * tables.squares());
    polynomial = allocated((long) Float.BYTES * tables.squares());
    sums = allocated((long) Double.BYTES * byBlock.x());
  }

  private long copied(int... table) {
    long address = allocated((long) Integer.BYTES * table.length);
    device.write(address, table);
    return address;
  }

  private long allocated(long bytes) {
    memory.add(device.allocate(bytes));
    return memory.get(memory.size() - 1).address();
  }

  /** Enqueues it. */
  void step() {
    device.launch(
        momentum,
        byBlock,
        round.header(),
        round.table(),
        matrices,
        blocks,
        vectors.gradients(),
        vectors.parameters(),
        vectors.firstMoments(),
        values[0],
        sums,
        rule.ways());
    device.launch(normalize, byBlock, matrices, blocks, sums, values[0]);
    for (int step = 0; step < STEPS; step++) {
      long from = values[step % 2];
      long to = values[(step + 1) % 2];
      boolean last = step == STEPS - 1;
      device.launch(squares, bySquareTile, matrices, squareTiles, from, square);
      device.launch(polynomials, bySquareTile, matrices, squareTiles, square, polynomial);
      device.launch(
          apply,
          byMatrixTile,
          matrices,
          matrixTiles,
          from,
          polynomial,
          to,
          last ? vectors.gradients() : 0L);
    }
  }

  @Override
  public void close() {
    memory.forEach(DeviceMemory::close);
  }
}
