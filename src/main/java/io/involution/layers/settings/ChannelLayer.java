package io.involution.layers.settings;

import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeFeedForward;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/** A layer whose output has the shape of its input, images [N, C, H, W] or features [N, C]. */
public abstract class ChannelLayer extends SettingsLayer {
  private static final long serialVersionUID = 1L;

  /** For the JSON reader, which sets the fields afterwards. */
  protected ChannelLayer() {}

  /** A layer with a builder's settings. */
  protected ChannelLayer(FeedForwardLayer.Builder<?> builder) {
    super(builder);
  }

  /**
   * Sets the number of outputs once that of the inputs is known.
   *
   * @throws IllegalArgumentException if the layer says another one
   */
  protected final void acceptChannels() {
    if (nOut > 0 && nOut != nIn) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a %s has as many outputs as inputs: leave out nOut(%d), the input has %d channels",
              getClass().getSimpleName(),
              nOut,
              nIn));
    }
    nOut = nIn;
  }

  @Override
  public final InputType getOutputType(int layerIndex, InputType inputType) {
    check();
    channels(inputType);
    return inputType;
  }

  @Override
  public final void setNIn(InputType inputType, boolean override) {
    long before = nIn;
    if (nIn <= 0 || override) {
      nIn = channels(inputType);
    }
    if (nOut == before) {
      nOut = nIn;
    }
    acceptChannels();
  }

  private long channels(InputType inputType) {
    if (inputType instanceof InputTypeConvolutional images
        && images.getFormat() == CNN2DFormat.NCHW) {
      return images.getChannels();
    }
    if (inputType instanceof InputTypeFeedForward features) {
      return features.getSize();
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "layer %s takes images [N, C, H, W] (NCHW) or features [N, C], not %s",
            layerName,
            inputType));
  }

  /** Both kinds of input are taken as they are. */
  @Override
  public final InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public final String toString() {
    return String.format(
        Locale.ROOT, "%s(%d, %s, %s)", getClass().getSimpleName(), nIn, settings(), activationFn);
  }
}
