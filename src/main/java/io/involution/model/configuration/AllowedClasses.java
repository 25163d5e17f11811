package io.involution.model.configuration;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes that a network's configuration may name: layers whose whole state is in the parameter
 * vector, and their settings. No other class is loaded because a file names it.
 */
public final class AllowedClasses {
  private static final String NN = "org.deeplearning4j.nn.";
  private static final String ND4J = "org.nd4j.linalg.";

  private static final Set<String> LAYERS =
      Stream.of(
              in(
                  NN + "conf.layers.",
                  "ActivationLayer BatchNormalization Convolution2D ConvolutionLayer"
                      + " Deconvolution2D DenseLayer DepthwiseConvolution2D DropoutLayer"
                      + " GlobalPoolingLayer LocalResponseNormalization OutputLayer PReLULayer"
                      + " Pooling2D SeparableConvolution2D SpaceToDepthLayer SubsamplingLayer"
                      + " Upsampling2D ZeroPaddingLayer convolutional.Cropping2D"
                      + " misc.ElementWiseMultiplicationLayer"),
              in(
                  "io.involution.layers.",
                  "BatchNormBlock ConvolutionBlock Dense Gelu GlobalPool Involution SoftmaxOutput"))
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> SETTINGS =
      Stream.of(
              in(
                  NN + "conf.graph.",
                  "ElementWiseVertex L2NormalizeVertex LayerVertex MergeVertex PreprocessorVertex"
                      + " ScaleVertex ShiftVertex SubsetVertex"),
              in(
                  NN + "conf.preprocessor.",
                  "CnnToFeedForwardPreProcessor FeedForwardToCnnPreProcessor"),
              in(
                  NN + "conf.dropout.",
                  "AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout"),
              in(
                  NN + "conf.constraint.",
                  "MaxNormConstraint MinMaxNormConstraint NonNegativeConstraint"
                      + " UnitNormConstraint"),
              in(
                  NN + "conf.distribution.",
                  "BinomialDistribution ConstantDistribution GaussianDistribution"
                      + " LogNormalDistribution NormalDistribution OrthogonalDistribution"
                      + " TruncatedNormalDistribution UniformDistribution"),
              in(
                  NN + "conf.stepfunctions.",
                  "DefaultStepFunction GradientStepFunction NegativeDefaultStepFunction"
                      + " NegativeGradientStepFunction"),
              in(
                  NN + "weights.WeightInit",
                  "Constant Distribution Identity LecunUniform Normal Relu ReluUniform"
                      + " SigmoidUniform Uniform VarScalingNormalFanAvg VarScalingNormalFanIn"
                      + " VarScalingNormalFanOut VarScalingUniformFanAvg VarScalingUniformFanIn"
                      + " VarScalingUniformFanOut Xavier XavierLegacy XavierUniform"),
              in(
                  ND4J + "activations.impl.Activation",
                  "Cube ELU GELU HardSigmoid HardTanH Identity LReLU Mish RationalTanh ReLU"
                      + " RectifiedTanh SELU Sigmoid SoftPlus SoftSign Softmax Swish TanH"
                      + " ThresholdedReLU"),
              in(ND4J + "lossfunctions.impl.", "LossMCXENT LossNegativeLogLikelihood"),
              in(
                  ND4J + "learning.config.",
                  "AMSGrad AdaDelta AdaGrad AdaMax Adam Nadam Nesterovs NoOp RmsProp Sgd"),
              in(
                  ND4J + "learning.regularization.",
                  "L1Regularization L2Regularization WeightDecay"),
              in(
                  ND4J + "schedule.",
                  "CycleSchedule ExponentialSchedule FixedSchedule InverseSchedule MapSchedule"
                      + " PolySchedule RampSchedule SigmoidSchedule StepSchedule"),
              in(
                  "io.involution.layers.",
                  "IdentityStart ShortcutVertex SoftmaxCrossEntropy WhiteningStart"),
              in("io.involution.model.", "LearningRate"),
              in("io.involution.optimizer.", "Muon"))
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  /** Why some classes that users may try cannot be used, by what their names contain. */
  private static final List<Map.Entry<String, String>> REASONS =
      List.of(
          Map.entry("LSTM", "which keeps state from minibatch to minibatch"),
          Map.entry("Rnn", "which keeps state from minibatch to minibatch"),
          Map.entry("recurrent", "which keeps state from minibatch to minibatch"),
          Map.entry("RReLU", "whose random numbers cannot be repeated"),
          Map.entry("weightnoise", "whose random numbers cannot be repeated"),
          Map.entry("CenterLoss", "whose centers cannot be averaged"),
          Map.entry("LossLayer", "which has no weights of its own, so end in an OutputLayer"),
          Map.entry(".samediff.", "whose gradients DL4J doubles"),
          Map.entry("lossfunctions", "and the loss must be multi-class cross-entropy"),
          Map.entry("AdaBelief", "whose state this version of DL4J cannot set up"),
          Map.entry("learning.config", "an updater whose state this job cannot average"));

  private AllowedClasses() {}

  private static Set<String> in(String prefix, String names) {
    return Arrays.stream(names.split(" ", -1)).map(prefix::concat).collect(Collectors.toSet());
  }

  /** Whether a configuration may name a class. */
  public static boolean contains(String name) {
    return LAYERS.contains(name) || SETTINGS.contains(name);
  }

  /** The names of all of them. */
  static Set<String> names() {
    return Stream.of(LAYERS, SETTINGS).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  /** The names of the layers. */
  public static Set<String> layers() {
    return LAYERS;
  }

  /** Why a class that is not allowed is not, as the end of a sentence. */
  static String reason(String name) {
    return REASONS.stream()
        .filter(reason -> name.contains(reason.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("which is not on the list of this job");
  }
}
