package io.involution.cuda.layer.norm;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.DeviceLayer;
import io.involution.cuda.layer.LayerPlace;
import io.involution.layers.BatchNormBlock;
import io.involution.layers.ShortcutVertex;
import io.involution.layers.norm.ShortcutPlace;

/**
 * A {@link BatchNormBlock} on a device, with a shortcut or without one; norm.cu says what its
 * kernels make. The backward pass computes again from the input what it needs of the forward pass.
 */
public final class BatchNormOnDevice implements DeviceLayer {
  private static final int THREADS = 256;

  /** Channels of a block, as norm.cu has it. */
  private static final int CHANNELS = 8;

  /** Blocks that keep a large device busy. */
  private static final int ENOUGH_BLOCKS = 2048;

  /** Bytes of a struct Norm. */
  private static final int NORM = 40;

  private final LayerPlace place;
  private final CudaDevice device;
  private final BatchNormBlock block;
  private final ShortcutPlace shortcut;
  private final Activations more;
  private final int channels;
  private final int plane;
  private final int images;
  private final Kernel moments;
  private final Kernel statistics;
  private final Kernel forward;
  private final Kernel sums;
  private final Kernel gradients;
  private final Kernel inputGradient;
  private final DeviceMemory parts;
  private final DeviceMemory norms;
  private final OutputMemory output;

  /** The layer without a shortcut. */
  public BatchNormOnDevice(LayerPlace place, BatchNormBlock block) {
    this(place, block, ShortcutPlace.NONE, null);
  }

  /**
   * The layer with a shortcut.
   *
   * @param more what is added, of the input's shape
   */
  public BatchNormOnDevice(LayerPlace place, ShortcutVertex vertex, Activations more) {
    this(place, vertex.block(), vertex.place(), more);
  }

  private BatchNormOnDevice(
      LayerPlace place, BatchNormBlock block, ShortcutPlace shortcut, Activations more) {
    this.place = place;
    this.block = block;
    this.shortcut = shortcut;
    this.more = more;
    Activations input = place.input();
    channels = Math.toIntExact(block.getNIn());
    plane = input.size() / channels;
    boolean added = more == null || more.size() == input.size();
    if (input.size() % channels != 0 || !added) {
      throw new IllegalArgumentException(block + " gets " + input + " and " + more);
    }
    int most = Math.max(1, ENOUGH_BLOCKS / channelBlocks());
    images = Grid.parts(place.capacity(), most);
    device = place.device();
    moments = device.kernel("norm", "norm_moments");
    statistics = device.kernel("norm", "norm_statistics");
    forward = device.kernel("norm", "norm_forward");
    sums = device.kernel("norm", "norm_sums");
    gradients = device.kernel("norm", "norm_gradients");
    inputGradient = device.kernel("norm", "norm_input_gradient");
    parts = device.allocate(2L * Double.BYTES * channels * parts());
    norms = device.allocate((long) NORM * channels);
    output = new OutputMemory(place);
  }

  private int channelBlocks() {
    return Grid.parts(channels, CHANNELS);
  }

  /** Parts of the minibatch's images. */
  private int parts() {
    return Grid.parts(place.capacity(), images);
  }

  private Grid all() {
    return new Grid(parts(), channelBlocks(), 1, THREADS);
  }

  private Grid byChannel() {
    return new Grid(1, channelBlocks(), 1, THREADS);
  }

  @SuppressWarnings("EnumOrdinal") // the kernels number them in this order
  private int function() {
    return block.nonlinearity().ordinal();
  }

  @SuppressWarnings("EnumOrdinal") // as above
  private int shortcutKind() {
    return shortcut.ordinal();
  }

  private long shortcutValues() {
    return more == null ? 0L : more.values();
  }

  @Override
  public void forward(boolean training) {
    if (training) {
      device.launch(
          moments,
          all(),
          place.step(),
          place.input().values(),
          parts.address(),
          channels,
          plane,
          images);
    }
    device.launch(
        statistics,
        byChannel(),
        place.step(),
        place.parameters(),
        parts.address(),
        norms.address(),
        channels,
        plane,
        images,
        block.isScale() ? 1 : 0,
        block.getDecay(),
        block.getEpsilon(),
        training ? 1 : 0);
    device.launch(
        forward,
        all(),
        place.step(),
        place.input().values(),
        shortcutValues(),
        norms.address(),
        output.values().values(),
        channels,
        plane,
        images,
        function(),
        shortcutKind());
  }

  @Override
  public void backward() {
    device.launch(
        sums,
        all(),
        place.step(),
        place.input().values(),
        shortcutValues(),
        norms.address(),
        output.values().gradient(),
        parts.address(),
        channels,
        plane,
        images,
        function(),
        shortcutKind());
    device.launch(
        gradients,
        byChannel(),
        place.step(),
        parts.address(),
        norms.address(),
        place.gradients(),
        channels,
        plane,
        images,
        block.isScale() ? 1 : 0);
    long aside = more == null ? 0L : more.gradient();
    if (place.input().gradient() != 0 || aside != 0) {
      inputGradients(aside);
    }
  }

  private void inputGradients(long aside) {
    device.launch(
        inputGradient,
        all(),
        place.step(),
        place.input().values(),
        shortcutValues(),
        norms.address(),
        output.values().gradient(),
        place.input().gradient(),
        aside,
        channels,
        plane,
        images,
        function(),
        shortcutKind());
  }

  @Override
  public Activations output() {
    return output.values();
  }

  @Override
  public void close() {
    parts.close();
    norms.close();
    output.close();
  }
}
