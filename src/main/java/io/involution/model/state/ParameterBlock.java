package io.involution.model.state;

import java.util.List;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/**
 * One named array inside a network's flat parameter vector.
 *
 * @param layer the layer's name
 * @param name the parameter's key within the layer, such as {@code W}
 * @param shape its shape
 * @param offset index of its first entry in the flat vector
 * @param length number of entries
 * @param trainable false for running statistics, which no gradient changes
 */
public record ParameterBlock(
    String layer, String name, List<Long> shape, int offset, int length, boolean trainable) {

  /** Whether it is a running statistic of DL4J's BatchNormalization that is kept as a logarithm. */
  public boolean isLogDeviation() {
    return !trainable && name.equals(BatchNormalizationParamInitializer.GLOBAL_LOG_STD);
  }

  /** Index after the block's last entry. */
  public int end() {
    return offset + length;
  }
}
