package io.involution.model.network;

import io.involution.data.ImageShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * A network that a user writes in Java: {@code --model class:com.acme.MyNetwork} names a public
 * class with a public constructor without arguments that implements this.
 */
@FunctionalInterface
public interface NetworkDesign {
  /**
   * The network, with its updater and its seed.
   *
   * @param image the shape of the images: the input is {@code [images, channels, height, width]} in
   *     float32
   * @param classes number of classes: outputs of the last layer, an OutputLayer with a softmax and
   *     the loss MCXENT
   */
  ComputationGraphConfiguration configuration(ImageShape image, int classes);
}
