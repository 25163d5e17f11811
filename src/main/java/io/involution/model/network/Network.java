package io.involution.model.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** A network that can be trained: one of this job's, or a user's. */
public interface Network {
  /** The name in options, files and reports. */
  String label();

  /**
   * The network's configuration, with the seed of its initial weights and its updater. Its input is
   * {@code [images, channels, height, width]} in float32, pixels divided by 255 and normalized; its
   * output is the probabilities of the classes.
   *
   * @throws io.involution.failure.InputException if it is none for these images and classes
   */
  ComputationGraphConfiguration configuration(NetworkOptions options);
}
