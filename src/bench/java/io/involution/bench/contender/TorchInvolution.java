package io.involution.bench.contender;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The involution network in TorchScript, in every formulation that has a chance. {@code k} is the
 * kernel, nine taps a pixel, {@code x} the layer's input.
 */
enum TorchInvolution implements TorchNetwork {
  /** Nine shifted views of the padded input, multiplied and added one after the other. */
  SLICES(Generation.CONVOLUTIONS, slices()),
  /** The same, with the 1x1 convolutions as broadcast products. */
  SLICES_BROADCAST(Generation.BROADCASTS, slices()),
  /** The nine views copied side by side, one product, one sum. */
  STACK(Generation.CONVOLUTIONS, stack()),
  /** The same, with the 1x1 convolutions as broadcast products. */
  STACK_BROADCAST(Generation.BROADCASTS, stack()),
  /** PyTorch's unfold, one product, one sum. */
  UNFOLD(
      Generation.CONVOLUTIONS,
      """
          u = torch.view(torch.im2col(x, [3, 3], [1, 1], [1, 1], [1, 1]), [n, 3, 9, h, h])
          x = torch.sum(torch.mul(u, torch.unsqueeze(k, 1)), [2])
      """),
  /** The same, with the 1x1 convolutions as broadcast products. */
  UNFOLD_BROADCAST(
      Generation.BROADCASTS,
      """
          u = torch.view(torch.im2col(x, [3, 3], [1, 1], [1, 1], [1, 1]), [n, 3, 9, h, h])
          x = torch.sum(torch.mul(u, torch.unsqueeze(k, 1)), [2])
      """),
  /** PyTorch's unfold and einsum, which goes through a batched matrix product. */
  UNFOLD_EINSUM(
      Generation.CONVOLUTIONS,
      """
          u = torch.view(torch.im2col(x, [3, 3], [1, 1], [1, 1], [1, 1]), [n, 3, 9, h, h])
          x = torch.einsum("nctij,ntij->ncij", [u, k])
      """),
  /** A strided view of all the patches. */
  WINDOWS(
      Generation.CONVOLUTIONS,
      """
          q = torch.constant_pad_nd(x, [1, 1, 1, 1], 0)
          u = torch.unfold(torch.unfold(q, 2, 3, 1), 3, 3, 1)
          w = torch.unsqueeze(torch.permute(torch.view(k, [n, 3, 3, h, h]), [0, 3, 4, 1, 2]), 1)
          x = torch.sum(torch.mul(u, w), [4, 5])
      """),
  /** Patches by a convolution with ones and zeros, one product, one sum. */
  IDENTITY_CONVOLUTION(Generation.CONVOLUTIONS, patches("s[6]", 1)),
  /** The same, with a grouped convolution. */
  GROUPED_CONVOLUTION(Generation.CONVOLUTIONS, patches("s[7]", 3)),
  /** The same, with the 1x1 convolutions as broadcast products. */
  GROUPED_BROADCAST(Generation.BROADCASTS, patches("s[7]", 3));

  private static final int LAYERS = 3;

  private final Generation generation;
  private final String application;

  TorchInvolution(Generation generation, String application) {
    this.generation = generation;
    this.application = application;
  }

  /** How the kernel is generated: lines for a layer whose parameters begin at {@code p[%1$d]}. */
  private enum Generation {
    CONVOLUTIONS(
        """
            r = torch.conv2d(x, p[%1$d], p[%2$d])
            r = torch.relu_(torch.batch_norm(r, p[%3$d], p[%4$d], s[%7$d], s[%8$d], True, 0.01, 0.001, False))
            k = torch.conv2d(r, p[%5$d], p[%6$d])
        """),
    BROADCASTS(
        """
            r = torch.sum(torch.mul(x, torch.view(p[%1$d], [1, 3, 1, 1])), [1], True)
            r = torch.add(r, p[%2$d])
            r = torch.relu_(torch.batch_norm(r, p[%3$d], p[%4$d], s[%7$d], s[%8$d], True, 0.01, 0.001, False))
            k = torch.addcmul(torch.view(p[%6$d], [1, 9, 1, 1]), r, torch.view(p[%5$d], [1, 9, 1, 1]))
        """);

    private final String lines;

    Generation(String lines) {
      this.lines = lines;
    }
  }

  private static String slice(int tap) {
    return String.format(
        Locale.ROOT,
        "torch.slice(torch.slice(q, 2, %1$d, %1$d + h), 3, %2$d, %2$d + h)",
        tap / 3,
        tap % 3);
  }

  private static String slices() {
    StringBuilder lines = new StringBuilder("    q = torch.constant_pad_nd(x, [1, 1, 1, 1], 0)\n");
    lines.append("    ks = torch.split(k, 1, 1)\n");
    for (int tap = 0; tap < 9; tap++) {
      // One split has one backward; each slice would have its own over the whole kernel.
      String weight = String.format(Locale.ROOT, "ks[%d]", tap);
      lines.append(
          tap == 0
              ? String.format(Locale.ROOT, "    x = torch.mul(%s, %s)%n", slice(tap), weight)
              : String.format(
                  Locale.ROOT, "    x = torch.addcmul(x, %s, %s)%n", slice(tap), weight));
    }
    return lines.toString();
  }

  private static String stack() {
    List<String> views = new ArrayList<>();
    for (int tap = 0; tap < 9; tap++) {
      views.add(slice(tap));
    }
    return String.format(
        Locale.ROOT,
        """
            q = torch.constant_pad_nd(x, [1, 1, 1, 1], 0)
            u = torch.stack([%s], 1)
            x = torch.sum(torch.mul(u, torch.unsqueeze(k, 2)), [1])
        """,
        String.join(", ", views));
  }

  private static String patches(String filter, int groups) {
    return String.format(
        Locale.ROOT,
        """
            u = torch.conv2d(x, %s, None, [1, 1], [1, 1], [1, 1], %d)
            u = torch.view(u, [n, 3, 9, h, h])
            x = torch.sum(torch.mul(u, torch.unsqueeze(k, 1)), [2])
        """,
        filter,
        groups);
  }

  @Override
  public boolean channelsLast() {
    return false;
  }

  @Override
  public String logits() {
    StringBuilder lines = new StringBuilder("    n = torch.size(x, 0)\n");
    for (int layer = 0; layer < LAYERS; layer++) {
      int first = 6 * layer;
      lines.append("    h = ").append(layer == 0 ? 32 : layer == 1 ? 16 : 8).append('\n');
      lines.append(
          String.format(
              Locale.ROOT,
              generation.lines,
              first,
              first + 1,
              first + 2,
              first + 3,
              first + 4,
              first + 5,
              2 * layer,
              2 * layer + 1));
      lines.append(application);
      if (layer < LAYERS - 1) {
        lines.append("    x = torch.max_pool2d(x, [2, 2], [2, 2])\n");
      }
      lines.append("    x = torch.relu_(x)\n");
    }
    return lines
        + """
            dense = torch.relu_(torch.linear(torch.flatten(x, 1, -1), p[18], p[19]))
            logits = torch.linear(dense, p[20], p[21])
        """;
  }

  @Override
  public List<TorchParameter> parameters() {
    List<TorchParameter> parameters = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      parameters.add(TorchParameter.filter(1, 3, 1));
      parameters.add(TorchParameter.zeros(1));
      parameters.add(TorchParameter.ones(1));
      parameters.add(TorchParameter.zeros(1));
      parameters.add(TorchParameter.filter(9, 1, 1));
      parameters.add(TorchParameter.zeros(9));
    }
    parameters.add(TorchParameter.matrix(64, 192));
    parameters.add(TorchParameter.zeros(64));
    parameters.add(TorchParameter.matrix(10, 64));
    parameters.add(TorchParameter.zeros(10));
    return parameters;
  }

  @Override
  public List<TorchParameter> buffers() {
    List<TorchParameter> buffers = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      buffers.add(TorchParameter.zeros(1));
      buffers.add(TorchParameter.ones(1));
    }
    buffers.add(TorchParameter.patches(1));
    buffers.add(TorchParameter.patches(3));
    return buffers;
  }

  @Override
  public int statistics() {
    return 2 * LAYERS;
  }
}
