package io.involution.bench.contender;

import java.util.List;

/** A network written for PyTorch in one formulation. */
interface TorchNetwork {
  /** The formulation's name. */
  String name();

  /** Whether images and filters lie in memory with the channels last. */
  boolean channelsLast();

  /**
   * Lines of TorchScript, indented by four spaces, that compute {@code logits} from the images
   * {@code x}, the parameters {@code p} and the buffers {@code s}.
   */
  String logits();

  /** The elements of {@code p}. */
  List<TorchParameter> parameters();

  /** How many numbers of {@code s} are running statistics. */
  int statistics();

  /** The elements of {@code s}: running statistics and constants. */
  List<TorchParameter> buffers();
}
