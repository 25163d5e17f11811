package io.involution.bench.contender;

import java.util.List;
import java.util.Locale;

/**
 * The convolution network in TorchScript. ReLU follows the max-pool: the same function, on a
 * quarter of the numbers. Channels last, the flattening is free as well.
 */
enum TorchConvolution implements TorchNetwork {
  CHANNELS_FIRST("torch.flatten(x3, 1, -1)", false),
  CHANNELS_LAST("torch.flatten(torch.permute(x3, [0, 2, 3, 1]), 1, -1)", true);

  private final String flatten;
  private final boolean channelsLast;

  TorchConvolution(String flatten, boolean channelsLast) {
    this.flatten = flatten;
    this.channelsLast = channelsLast;
  }

  @Override
  public boolean channelsLast() {
    return channelsLast;
  }

  @Override
  public String logits() {
    return String.format(
        Locale.ROOT,
        """
            a1 = torch.conv2d(x, p[0], p[1], [1, 1], [1, 1])
            x1 = torch.relu_(torch.max_pool2d(a1, [2, 2], [2, 2]))
            a2 = torch.conv2d(x1, p[2], p[3], [1, 1], [1, 1])
            x2 = torch.relu_(torch.max_pool2d(a2, [2, 2], [2, 2]))
            x3 = torch.relu_(torch.conv2d(x2, p[4], p[5], [1, 1], [1, 1]))
            flat = %s
            dense = torch.relu_(torch.linear(flat, p[6], p[7]))
            logits = torch.linear(dense, p[8], p[9])
        """,
        flatten);
  }

  @Override
  public List<TorchParameter> parameters() {
    return List.of(
        TorchParameter.filter(32, 3, 3),
        TorchParameter.zeros(32),
        TorchParameter.filter(64, 32, 3),
        TorchParameter.zeros(64),
        TorchParameter.filter(64, 64, 3),
        TorchParameter.zeros(64),
        TorchParameter.matrix(64, 4096),
        TorchParameter.zeros(64),
        TorchParameter.matrix(10, 64),
        TorchParameter.zeros(10));
  }

  @Override
  public List<TorchParameter> buffers() {
    // Unused: DJL cannot pass an empty list.
    return List.of(TorchParameter.ones(1));
  }

  @Override
  public int statistics() {
    return 0;
  }
}
