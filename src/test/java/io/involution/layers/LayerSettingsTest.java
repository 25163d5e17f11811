package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.Updater;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Every setting of DL4J's base builders has an effect on our layers, or is refused by its name. */
class LayerSettingsTest {
  /** A value for each parameter type that a setting has; a type without one fails the test. */
  private static final Map<Class<?>, Object> VALUES =
      Map.ofEntries(
          Map.entry(int.class, 4),
          Map.entry(long.class, 4L),
          Map.entry(double.class, 0.5),
          Map.entry(boolean.class, true),
          Map.entry(String.class, "other"),
          Map.entry(IActivation.class, new ActivationTanH()),
          Map.entry(Activation.class, Activation.TANH),
          Map.entry(IWeightInit.class, new WeightInitConstant(0.1)),
          Map.entry(WeightInit.class, WeightInit.ONES),
          Map.entry(Distribution.class, new UniformDistribution(-0.3, 0.3)),
          Map.entry(IDropout.class, new Dropout(0.5)),
          Map.entry(LayerConstraint[].class, new LayerConstraint[] {new NonNegativeConstraint()}),
          Map.entry(IUpdater.class, new Sgd(0.5)),
          Map.entry(Updater.class, Updater.SGD),
          Map.entry(GradientNormalization.class, GradientNormalization.RenormalizeL2PerLayer),
          Map.entry(IWeightNoise.class, new DropConnect(0.5)),
          Map.entry(List.class, List.of(new L2Regularization(0.5))),
          Map.entry(ILossFunction.class, new LossMSE()),
          Map.entry(LossFunction.class, LossFunction.MSE));

  /** One setting of one layer. */
  record Setting(String layer, Method method) {
    @Override
    public String toString() {
      String types =
          Arrays.stream(method.getParameterTypes())
              .map(Class::getSimpleName)
              .collect(Collectors.joining(","));
      return String.format(Locale.ROOT, "%s.%s(%s)", layer, method.getName(), types);
    }
  }

  static Stream<Setting> settings() {
    return Stream.of("Involution", "ConvolutionBlock", "BatchNormBlock", "Dense", "SoftmaxOutput")
        .flatMap(layer -> methods(builder(layer).getClass()).map(m -> new Setting(layer, m)))
        .filter(setting -> !isTestedElsewhere(setting));
  }

  /** A threshold needs a normalization; an input type wins over nIn; classes are an argument. */
  private static boolean isTestedElsewhere(Setting setting) {
    String name = setting.method().getName();
    boolean classes = setting.layer().equals("SoftmaxOutput") && name.matches("nOut|units");
    return classes || name.equals("gradientNormalizationThreshold") || name.equals("nIn");
  }

  /** The settings that a builder has from DL4J, and those that are DL4J's own for dense layers. */
  private static Stream<Method> methods(Class<?> builder) {
    Map<String, Method> found = new TreeMap<>();
    for (Method method : builder.getMethods()) {
      Method declared = method.isBridge() ? null : method;
      boolean named = !method.getName().matches("build|get.*|set.*|is[A-Z].*");
      if (declared != null
          && named
          && !Modifier.isStatic(method.getModifiers())
          && method.getParameterCount() > 0
          && method.getDeclaringClass().getName().startsWith("org.deeplearning4j")) {
        found.putIfAbsent(method.getName() + Arrays.toString(method.getParameterTypes()), method);
      }
    }
    return found.values().stream();
  }

  private static Layer.Builder<?> builder(String layer) {
    return switch (layer) {
      case "Involution" -> new Involution.Builder();
      case "ConvolutionBlock" -> new ConvolutionBlock.Builder().nOut(5);
      case "BatchNormBlock" -> new BatchNormBlock.Builder();
      case "Dense" -> new DenseLayer.Builder().nOut(5).activation(Activation.RELU);
      default ->
          new OutputLayer.Builder(new SoftmaxCrossEntropy()).nOut(3).activation(Activation.SOFTMAX);
    };
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aSettingHasAnEffectOrIsRefusedByName(Setting setting) throws Exception {
    Layer.Builder<?> with = builder(setting.layer());
    try {
      set(with, setting.method());
      List<Object> changed = fingerprint(ours(setting.layer(), with));
      List<Object> plain = fingerprint(ours(setting.layer(), builder(setting.layer())));
      assertThat(changed).isNotEqualTo(plain);
    } catch (RuntimeException e) {
      String name = setting.method().getName().toLowerCase(Locale.ROOT).replaceAll("init$", "");
      assertThat(e.getMessage().toLowerCase(Locale.ROOT).replace(" ", ""))
          .contains(name.equals("units") ? "nout" : name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Involution", "ConvolutionBlock", "BatchNormBlock", "Dense", "SoftmaxOutput"})
  void theThresholdOfANormalizationCounts(String layer) throws Exception {
    List<List<Object>> found = new ArrayList<>();
    for (double threshold : new double[] {1e-3, 1e-1}) {
      Layer.Builder<?> builder = builder(layer);
      ((BaseLayer.Builder<?>) builder)
          .gradientNormalization(GradientNormalization.ClipL2PerLayer)
          .gradientNormalizationThreshold(threshold);
      ((BaseLayer.Builder<?>) builder).updater(new Sgd(1));
      found.add(fingerprint(ours(layer, builder)));
    }
    assertThat(found.get(0)).isNotEqualTo(found.get(1));
  }

  /** DL4J's own dense layer would obey the settings, our layers know only {@code max(0, z)}. */
  @ParameterizedTest
  @ValueSource(strings = {"Involution", "ConvolutionBlock", "BatchNormBlock", "Dense"})
  void aReluWithSettingsOfItsOwnIsRefused(String layer) {
    for (ActivationReLU relu :
        List.of(
            new ActivationReLU(6.0, null, null),
            new ActivationReLU(null, 0.5, null),
            new ActivationReLU(null, null, 0.1))) {
      Layer.Builder<?> builder = builder(layer);
      ((BaseLayer.Builder<?>) builder).activation(relu);

      assertThatThrownBy(() -> network(ours(layer, builder)))
          .hasMessageContaining("activation")
          .hasMessageContaining("a maximum, a threshold or a slope");
    }
  }

  /** A file, or a setter, sets an activation without the constructor. */
  @Test
  void anotherActivationIsRefusedWhenTheLayerStarts() {
    ConvolutionBlock block = new ConvolutionBlock.Builder().nIn(3).nOut(5).build();
    block.setActivationFn(new ActivationTanH());
    NeuralNetConfiguration conf = new NeuralNetConfiguration.Builder().layer(block).build();
    INDArray parameters = Nd4j.create(DataType.FLOAT, 1, 140);

    assertThatThrownBy(
            () -> conf.getLayer().instantiate(conf, List.of(), 0, parameters, true, DataType.FLOAT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            "(ConvolutionBlock): the activation must be RELU or IDENTITY, not tanh");
  }

  @Test
  void theSettingsMeanWhatTheyMeanInDl4j() {
    MultiLayerNetwork network =
        network(
            new Involution.Builder()
                .constrainAllParameters(new MaxNormConstraint(1e-3, 1))
                .biasInit(0.5)
                .gainInit(2)
                .build());
    assertThat(network.getLayer(0).getParam("spanB").meanNumber().doubleValue()).isEqualTo(0.5);
    assertThat(network.getLayer(0).getParam("gamma").meanNumber().doubleValue()).isEqualTo(2);
    train(network);
    assertThat(network.getLayer(0).getParam("spanW").norm2Number().doubleValue()).isLessThan(0.1);
    // Statistics are measured, not trained.
    assertThat(network.getLayer(0).getParam("var").meanNumber().doubleValue()).isGreaterThan(0.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Involution", "ConvolutionBlock", "BatchNormBlock", "Dense", "SoftmaxOutput"})
  void aBiasForTheWholeNetworkCounts(String layer) {
    INDArray zero = network(plain(layer)).getLayer(0).params();
    var half = new NeuralNetConfiguration.Builder().biasInit(0.5);

    assertThat(network(plain(layer), half).getLayer(0).params()).isNotEqualTo(zero);
  }

  private static Layer plain(String layer) {
    return switch (layer) {
      case "Dense" -> new Dense(5);
      case "SoftmaxOutput" -> new SoftmaxOutput(3);
      default -> builder(layer).build();
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Involution", "ConvolutionBlock", "BatchNormBlock", "Dense", "SoftmaxOutput"})
  void whatIsNotKnownIsOneMessage(String layer) throws Exception {
    Layer first = ours(layer, builder(layer));
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().list().layer(first);
    if (!layer.equals("SoftmaxOutput")) {
      list.layer(new GlobalPoolingLayer());
      list.layer(new OutputLayer.Builder().nIn(3).nOut(3).activation(Activation.SOFTMAX).build());
    }
    assertThatThrownBy(() -> new MultiLayerNetwork(list.build()).init())
        .hasMessageMatching("(?s).*(channels: set nIn|nIn=0).*");
    assertThatThrownBy(() -> new ConvolutionBlock.Builder().build()).hasMessageContaining("nOut");
    assertThatThrownBy(() -> new Dense(0)).hasMessageContaining("outputs");
    assertThatThrownBy(() -> new SoftmaxOutput(0)).hasMessageContaining("classes");
  }

  private static void set(Layer.Builder<?> builder, Method method) throws Exception {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes())
            .map(
                type -> {
                  assertThat(VALUES).containsKey(type);
                  return VALUES.get(type);
                })
            .toArray();
    if (method.getName().equals("hasBias")) {
      arguments[0] = false;
    }
    try {
      method.invoke(builder, arguments);
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  /** Our layer with the settings of a builder; dense layers have none of their own. */
  private static Layer ours(String layer, Layer.Builder<?> builder) throws Exception {
    Layer built = builder.build();
    if (built instanceof ImageLayer || built instanceof BatchNormBlock) {
      return built;
    }
    Layer ours = layer.equals("Dense") ? new Dense(5) : new SoftmaxOutput(3);
    for (Class<?> type = built.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          field.set(ours, field.get(built));
        }
      }
    }
    return ours;
  }

  /** What a user sees of a layer: names, shapes, parameters before and after training, outputs. */
  private static List<Object> fingerprint(Layer first) {
    MultiLayerNetwork network = network(first);
    FeedForwardLayer conf = (FeedForwardLayer) network.getLayer(0).conf().getLayer();
    INDArray before = network.params().dup();
    train(network);
    return List.of(
        String.valueOf(conf.getLayerName()),
        conf.getNIn(),
        conf.getNOut(),
        before,
        network.params().dup());
  }

  private static MultiLayerNetwork network(Layer first) {
    return network(first, new NeuralNetConfiguration.Builder());
  }

  private static MultiLayerNetwork network(Layer first, NeuralNetConfiguration.Builder all) {
    Nd4j.getRandom().setSeed(3);
    NeuralNetConfiguration.ListBuilder list =
        all.seed(1).updater(new Adam(1e-2)).list().layer(first);
    if (first instanceof ImageLayer || first instanceof BatchNormBlock) {
      list.layer(new GlobalPoolingLayer());
    }
    if (!(first instanceof SoftmaxOutput)) {
      list.layer(new SoftmaxOutput(3));
    }
    MultiLayerNetwork network =
        new MultiLayerNetwork(list.setInputType(InputType.convolutional(7, 5, 3)).build());
    network.init();
    return network;
  }

  private static void train(MultiLayerNetwork network) {
    Nd4j.getRandom().setSeed(5);
    INDArray labels = Nd4j.tile(Nd4j.eye(3), 2, 1);
    INDArray images = Nd4j.rand(6, 3, 7, 5);
    for (int step = 0; step < 3; step++) {
      network.fit(new DataSet(images, labels));
    }
  }
}
