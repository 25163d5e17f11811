package io.involution.layers;

import io.involution.layers.norm.Nonlinearity;
import io.involution.layers.norm.NormOffsets;
import io.involution.layers.norm.NormSettings;
import io.involution.layers.norm.ScaledSchedule;
import io.involution.layers.norm.ShortcutPlace;
import io.involution.layers.settings.ChannelLayer;
import io.involution.layers.settings.LayerStart;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * BatchNorm (Ioffe and Szegedy, 2015) and an activation in one pass, over images [N, C, H, W] or
 * features [N, C], in float32 or float64. For channel c with the mean and the biased variance of
 * its N * H * W, or N, values in the minibatch:
 *
 * <pre>
 * output = activation(gamma[c] * (input - mean[c]) / sqrt(variance[c] + epsilon) + beta[c])
 * </pre>
 *
 * <p>The activation is IDENTITY, RELU or GELU; GELU is always the exact one, {@code z * (1 + erf(z
 * / sqrt(2))) / 2} (Hendrycks and Gimpel, 2016), whether DL4J's class for it says so or not.
 * Without a scale there is no gamma. Running means and variances move towards the minibatch's by 1
 * - decay in each training step (not in one with a single value per channel) and take their place
 * when nothing is trained; they are parameters, which are saved and averaged as they are but not
 * trained. Parameters are, in this order, {@code gamma}, {@code beta}, {@code mean} and {@code
 * var}, each [1, C]; gamma starts at {@code gainInit} or 1, beta at {@code biasInit} or 0, the
 * statistics at 0 and 1. Beta is a bias to DL4J: a bias updater and a bias regularization apply to
 * it, and its step size is that of the others times {@code betaRate}. A {@link ShortcutVertex} adds
 * a second input in the same pass.
 */
public final class BatchNormBlock extends ChannelLayer implements BatchStatistics {
  private static final long serialVersionUID = 1L;

  // model.zip contains the names of these fields.
  private boolean scale = true;
  private double decay = 0.9;
  private double epsilon = 1e-5;
  private double betaRate = 1;

  /** For the JSON reader, which sets the fields afterwards. */
  BatchNormBlock() {}

  private BatchNormBlock(Builder builder) {
    super(builder);
    scale = builder.scale;
    decay = builder.decay;
    epsilon = builder.epsilon;
    betaRate = builder.betaRate;
    initializeConstraints(builder);
    setConstraints(constraints);
    if (weightInitFn != null || builder.getWeightConstraints() != null) {
      throw new IllegalArgumentException(
          "a BatchNormBlock has no weights: leave out weightInit, dist and constrainWeights");
    }
    if (!scale && !Double.isNaN(gainInit)) {
      throw new IllegalArgumentException(
          "a BatchNormBlock without a scale has no gain: leave out gainInit");
    }
    check();
    if (nIn > 0) {
      acceptChannels();
    }
  }

  @Override
  protected void check() {
    super.check();
    if (!(betaRate > 0 && Double.isFinite(betaRate))) {
      throw new IllegalArgumentException("betaRate must be a positive number, not " + betaRate);
    }
    settings(ShortcutPlace.NONE);
  }

  /** Whether each channel has a factor, gamma. */
  public boolean isScale() {
    return scale;
  }

  /** Share of the running statistics that one training step keeps. */
  public double getDecay() {
    return decay;
  }

  /** Added to the variance. */
  public double getEpsilon() {
    return epsilon;
  }

  /** Beta's step size, as a multiple of that of the other parameters. */
  public double getBetaRate() {
    return betaRate;
  }

  /** The function after the BatchNorm. */
  public Nonlinearity nonlinearity() {
    if (LayerStart.isRelu(activationFn)) {
      return Nonlinearity.RELU;
    }
    if (activationFn instanceof ActivationGELU) {
      return Nonlinearity.GELU;
    }
    if (activationFn instanceof ActivationIdentity) {
      return Nonlinearity.IDENTITY;
    }
    throw LayerStart.wrongActivation(this, "IDENTITY, RELU or GELU");
  }

  /** What the layer computes with a shortcut in some place. */
  NormSettings settings(ShortcutPlace shortcut) {
    return new NormSettings(offsets(), decay, epsilon, nonlinearity(), shortcut);
  }

  NormOffsets offsets() {
    return new NormOffsets(Math.toIntExact(nIn), scale);
  }

  @Override
  public List<String> statisticKeys() {
    return List.of(NormOffsets.MEAN, NormOffsets.VARIANCE);
  }

  double start(String key) {
    return switch (key) {
      case NormOffsets.GAMMA -> ImageLayer.orElse(gainInit, 1);
      case NormOffsets.BETA -> ImageLayer.orElse(biasInit, 0);
      case NormOffsets.VARIANCE -> 1;
      default -> 0;
    };
  }

  @Override
  protected Layer running(NeuralNetConfiguration conf, DataType type) {
    LayerStart.requireCpu(this);
    return new BatchNormBlockLayer(conf, type);
  }

  @Override
  public ParamInitializer initializer() {
    return BatchNormParameters.INSTANCE;
  }

  /** Sets the constraints of the parameters that are trained: statistics have none. */
  @Override
  public void setConstraints(List<LayerConstraint> given) {
    super.setConstraints(LayerStart.trainedOnly(given, statisticKeys()));
  }

  @Override
  public IUpdater getUpdaterByParam(String key) {
    if (statisticKeys().contains(key)) {
      return new NoOp();
    }
    IUpdater updater = super.getUpdaterByParam(key);
    return key.equals(NormOffsets.BETA) ? ScaledSchedule.scaled(updater, betaRate) : updater;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String key) {
    return switch (key) {
      case NormOffsets.GAMMA -> regularization;
      case NormOffsets.BETA -> regularizationBias;
      default -> null;
    };
  }

  @Override
  protected List<Object> settings() {
    return List.of(scale, decay, epsilon, betaRate);
  }

  /**
   * Collects the settings: a scale, decay 0.9, epsilon 1e-5, no activation and betaRate 1 by
   * default.
   */
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private boolean scale = true;
    private double decay = 0.9;
    private double epsilon = 1e-5;
    private double betaRate = 1;

    /** Starts from the defaults. */
    public Builder() {
      activation(Activation.IDENTITY);
    }

    /** Sets whether each channel has a factor, gamma (default yes). */
    public Builder scale(boolean scaled) {
      scale = scaled;
      return this;
    }

    /** Sets the share of the running statistics that one training step keeps (default 0.9). */
    public Builder decay(double share) {
      decay = share;
      return this;
    }

    /** Sets what is added to the variance (default 1e-5). */
    public Builder epsilon(double added) {
      epsilon = added;
      return this;
    }

    /** Sets beta's step size as a multiple of that of the other parameters (default 1). */
    public Builder betaRate(double factor) {
      betaRate = factor;
      return this;
    }

    /** Sets {@code IDENTITY}, {@code RELU} or {@code GELU}. */
    @Override
    public Builder activation(IActivation function) {
      return super.activation(
          function instanceof ActivationGELU ? new ActivationGELU(true) : function);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <E extends org.deeplearning4j.nn.conf.layers.Layer> E build() {
      return (E) new BatchNormBlock(this);
    }
  }
}
