package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.ImageChunks;
import io.involution.layers.involution.GroupOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class InvolutionLayerTest {
  @AfterEach
  void backToOneThread() {
    ImageChunks.useThreads(1);
  }

  /** A layer all of whose parameters are 0, but that passes the mean through its BatchNorm. */
  private static InvolutionFixture plain(Involution.Builder builder, int channels) {
    InvolutionFixture fixture =
        new InvolutionFixture(builder, channels, DataType.FLOAT, new Random(0));
    fixture.parameters.assign(0);
    fixture.parameters.putScalar(fixture.offsets.gamma, 1);
    fixture.parameters.putScalar(fixture.offsets.variance, 0.999);
    return fixture;
  }

  private static INDArray images(long channels, long height, long width, float... values) {
    return Nd4j.createFromArray(values).reshape('c', 1, channels, height, width);
  }

  @Test
  void computesTheHandMadeExample() {
    InvolutionFixture fixture = plain(new Involution.Builder(), 1);
    fixture.parameters.putScalar(fixture.offsets.reduceWeights, 1);
    int centre = 4;
    int right = 5;
    fixture.parameters.putScalar(fixture.offsets.spanWeights + centre, 1);
    fixture.parameters.putScalar(fixture.offsets.spanBias + right, 1);
    INDArray input = images(1, 2, 2, 1, 2, 3, 4);

    // Inference: each pixel times itself, plus its right neighbour.
    assertThat(fixture.forward(input, false).ravel().toFloatVector())
        .containsExactly(new float[] {3, 4, 13, 16}, within(1e-5f));

    // Training: the batch's mean is 2.5 and its variance 1.25, so 1 and 2 fall to the ReLU.
    double root = Math.sqrt(1.251);
    float[] expected = {2, 0, (float) (1.5 / root + 4), (float) (6 / root)};
    assertThat(fixture.forward(input, true).ravel().toFloatVector())
        .containsExactly(expected, within(1e-5f));
    assertThat(fixture.parameters.getDouble(fixture.offsets.mean)).isEqualTo(0.025, within(1e-7));
    assertThat(fixture.parameters.getDouble(fixture.offsets.variance))
        .isEqualTo(0.99 * 0.999 + 0.0125, within(1e-6));
  }

  @Test
  void dealsChannelsToGroupsInEitherOrder() {
    INDArray input = images(4, 1, 1, 1, 2, 3, 4);
    for (GroupOrder order : GroupOrder.values()) {
      InvolutionFixture fixture =
          plain(new Involution.Builder().kernelSize(1).groups(2).groupOrder(order), 4);
      fixture.parameters.putScalar(fixture.offsets.spanBias, 1);
      fixture.parameters.putScalar(fixture.offsets.spanBias + 1, 10);
      float[] expected =
          order == GroupOrder.INTERLEAVED ? new float[] {1, 20, 3, 40} : new float[] {1, 2, 30, 40};
      assertThat(fixture.forward(input, false).ravel().toFloatVector()).containsExactly(expected);
    }
  }

  @Test
  void padsAndAveragesAtTheBottomAndRight() {
    InvolutionFixture strided = plain(new Involution.Builder().stride(2), 1);
    strided.parameters.putScalar(strided.offsets.spanBias, 1);
    // The first tap of a 3x3 kernel at stride 2 on 2x2 pixels is the first pixel: no row above.
    assertThat(strided.forward(images(1, 2, 2, 5, 6, 7, 8), false).getFloat(0)).isEqualTo(5);

    InvolutionFixture averaging = plain(new Involution.Builder().kernelSize(1).stride(2), 1);
    averaging.parameters.putScalar(averaging.offsets.reduceWeights, 1);
    averaging.parameters.putScalar(averaging.offsets.spanWeights, 1);
    INDArray kernel = averaging.layer.kernel(images(1, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    assertThat(kernel.shape()).containsExactly(1, 1, 1, 2, 2);
    assertThat(kernel.ravel().toFloatVector())
        .containsExactly(new float[] {3, 4.5f, 7.5f, 9}, within(1e-5f));
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1, 256", "2, 0, 1, 128", "1, 16, 2, 256"})
  void hasTheShapesOfTheReference(int stride, int channel, int reduction, int expected) {
    Involution.Builder builder =
        new Involution.Builder().kernelSize(5).stride(stride).reductionRatio(reduction);
    if (channel > 0) {
      builder.channel(channel);
    }
    InvolutionFixture fixture = new InvolutionFixture(builder, 3, DataType.FLOAT, new Random(1));
    InputType type = fixture.conf.getOutputType(0, InputType.convolutional(256, 256, 3));
    assertThat(type).isEqualTo(InputType.convolutional(expected, expected, 3));
    INDArray input = Nd4j.rand(DataType.FLOAT, 2, 3, 256, 256);
    assertThat(fixture.forward(input, true).shape()).containsExactly(2, 3, expected, expected);
    assertThat(fixture.layer.kernel(input).shape()).containsExactly(2, 25, 1, expected, expected);
  }

  @Test
  void givesTheSameBitsWhateverTheThreads() {
    List<Involution.Builder> builders =
        List.of(
            new Involution.Builder().relu(true).pool(true).reductionRatio(2),
            new Involution.Builder().kernelSize(5).groups(3).relu(true).pool(true),
            new Involution.Builder().kernelSize(5).stride(2).groups(3).relu(true));
    for (Involution.Builder builder : builders) {
      List<float[]> results = new ArrayList<>();
      for (int threads : new int[] {1, 2, 3, 7}) {
        ImageChunks.useThreads(threads);
        Random random = new Random(5);
        InvolutionFixture fixture = new InvolutionFixture(builder, 3, DataType.FLOAT, random);
        INDArray input = InvolutionFixture.random(random, DataType.FLOAT, 37, 3, 13, 10);
        INDArray output = fixture.forward(input, true);
        INDArray epsilon = InvolutionFixture.random(random, DataType.FLOAT, output.shape());
        INDArray inputGradient = fixture.backward(epsilon);
        results.add(
            Nd4j.concat(
                    0,
                    output.ravel(),
                    inputGradient.ravel(),
                    fixture.gradient.ravel(),
                    fixture.parameters.ravel())
                .toFloatVector());
      }
      assertThat(results).allSatisfy(bits -> assertThat(bits).isEqualTo(results.get(0)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void worksOnMinibatchesOfChangingSize(int groups) {
    Random random = new Random(3);
    InvolutionFixture fixture =
        new InvolutionFixture(new Involution.Builder().groups(groups), 3, DataType.FLOAT, random);
    INDArray input = InvolutionFixture.random(random, DataType.FLOAT, 40, 3, 6, 5);
    float[] expected = fixture.forward(input, false).dup().ravel().toFloatVector();
    for (int batch : new int[] {3, 40, 17, 1, 40}) {
      INDArray few = input.get(NDArrayIndex.interval(0, batch));
      float[] actual = fixture.forward(few.dup(), false).ravel().toFloatVector();
      assertThat(actual).isEqualTo(Arrays.copyOf(expected, batch * 3 * 6 * 5));
    }
  }

  @Test
  void givesNoInputGradientWhereNobodyWantsIt() {
    Random random = new Random(4);
    InvolutionFixture fixture =
        new InvolutionFixture(
            new Involution.Builder().inputGradient(false), 3, DataType.FLOAT, random);
    INDArray output =
        fixture.forward(InvolutionFixture.random(random, DataType.FLOAT, 2, 3, 4, 4), true);
    assertThat(fixture.backward(output)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"3, CONTIGUOUS", "5, INTERLEAVED", "4, CONTIGUOUS"})
  void startsAsTheIdentityWhereAsked(int kernelSize, GroupOrder order) {
    Involution conf =
        new Involution.Builder()
            .nIn(8)
            .kernelSize(kernelSize)
            .groups(4)
            .groupOrder(order)
            .reductionRatio(2)
            .biasInit(0)
            .identityStart()
            .spanScale(0)
            .build();
    ComputationGraph graph = graph(conf);
    INDArray input = InvolutionFixture.random(new Random(1), DataType.FLOAT, 3, 8, 5, 6);
    assertThat(graph.outputSingle(input)).isEqualTo(input);
  }

  @Test
  void scalesTheSpansInitialWeightsAlone() {
    Involution.Builder builder = new Involution.Builder().nIn(8).groups(2).reductionRatio(2);
    Map<String, INDArray> usual = graph(builder.build()).getLayer(0).paramTable();
    ComputationGraph graph = graph(builder.spanScale(0.25).build());
    Map<String, INDArray> scaled = graph.getLayer(0).paramTable();
    usual.get("spanW").muli(0.25);
    assertThat(scaled).isEqualTo(usual);
    assertThatThrownBy(() -> builder.spanScale(-1))
        .hasMessage("the scale of the span's weights must be a number of at least 0, not -1.0");
    assertThatThrownBy(() -> builder.spanScale(Double.NaN)).hasMessageContaining("not NaN");
  }

  /** Files of before the settings existed have none, and those without them still do. */
  @Test
  void writesTheSettingsOfTheStartWhereTheyAreSet() {
    Involution.Builder builder = new Involution.Builder().nIn(8).groups(2);
    String before = graph(builder.build()).getConfiguration().toJson();
    assertThat(before).doesNotContain("spanScale").doesNotContain("identityStart");
    Involution conf = builder.spanScale(0.3).identityStart().build();
    ComputationGraphConfiguration written = graph(conf).getConfiguration();
    ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(written.toJson());
    assertThat(read).isEqualTo(written);
    assertThat(read).isNotEqualTo(ComputationGraphConfiguration.fromJson(before));
  }

  private static ComputationGraph graph(Involution involution) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("input")
                .addLayer("involution", involution, "input")
                .setOutputs("involution")
                .build());
    graph.init();
    return graph;
  }

  /** On every path of the CPU; the general one is for one channel and for strides. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, INTERLEAVED",
    "4, 1, 1, INTERLEAVED",
    "4, 1, 1, CONTIGUOUS",
    "4, 1, 4, INTERLEAVED",
    "4, 2, 1, INTERLEAVED"
  })
  void notANumberIsNotHiddenByTheReluOrThePool(
      int channels, int stride, int reduction, GroupOrder order) {
    Involution.Builder builder =
        new Involution.Builder()
            .kernelSize(1)
            .stride(stride)
            .reductionRatio(reduction)
            .groupOrder(order)
            .relu(true);
    long[] sizes = {1, channels, 2L * stride, 2L * stride};
    for (int place = 0; place < 4; place++) {
      INDArray input = Nd4j.valueArrayOf(sizes, 1.0, DataType.FLOAT);
      input.putScalar(new int[] {0, 0, place / 2 * stride, place % 2 * stride}, Double.NaN);
      for (boolean pool : new boolean[] {false, true}) {
        InvolutionFixture fixture = plain(builder.pool(pool), channels);
        fixture.parameters.putScalar(fixture.offsets.spanBias, 1);
        // All channels share the kernel, which is made of the pixel's.
        float[] expected = new float[pool ? channels : 4 * channels];
        for (int i = 0; i < expected.length; i++) {
          expected[i] = pool || i % 4 == place ? Float.NaN : 1;
        }
        assertThat(fixture.forward(input, false).ravel().toFloatVector())
            .as("place %d, pool %s", place, pool)
            .containsExactly(expected);
      }
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new Involution.Builder().groups(2).nIn(3).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("groups must divide");
    assertThatThrownBy(() -> new Involution.Builder().kernelSize(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kernel size");
    Involution pooled = new Involution.Builder().nIn(3).pool(true).build();
    assertThatThrownBy(() -> pooled.getOutputType(0, InputType.convolutional(1, 8, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1x8 are too small");
    assertThatThrownBy(() -> pooled.getOutputType(0, InputType.feedForward(12)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[N, C, H, W]");
  }
}
