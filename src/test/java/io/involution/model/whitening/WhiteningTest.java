package io.involution.model.whitening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.SoftmaxOutput;
import io.involution.layers.WhiteningStart;
import io.involution.model.Normalization;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhiteningTest {
  private static final double EPSILON = 5e-4;

  /** Images whose pixels depend on their neighbors and on the other channels. */
  private static Shard images(int number, int channels, long seed) {
    ImageShape shape = new ImageShape(channels, 6, 7);
    Random random = new Random(seed);
    byte[] pixels = new byte[number * shape.pixels()];
    int value = 100;
    for (int i = 0; i < pixels.length; i++) {
      value = Math.max(0, Math.min(255, value + random.nextInt(61) - 30));
      pixels[i] = (byte) value;
    }
    return new Shard(shape, 2, pixels, new short[number]);
  }

  private static Shard part(Shard whole, int from, int to) {
    return new Shard(
        whole.image(),
        2,
        Arrays.copyOfRange(whole.pixels(), whole.offset(from), whole.offset(to)),
        new short[to - from]);
  }

  private static long[] plus(long[] first, long[] second) {
    long[] sum = first.clone();
    Arrays.setAll(sum, i -> first[i] + second[i]);
    return sum;
  }

  private static double pixel(Shard shard, int example, int channel, int row, int column) {
    ImageShape image = shard.image();
    int at = shard.offset(example) + channel * image.plane() + row * image.width() + column;
    return shard.pixels()[at] & 0xff;
  }

  /** A filter's answers at all places of all images have a mean square of nearly 1. */
  @ParameterizedTest
  @CsvSource({"3, 2", "1, 2", "2, 3"})
  void patchesBecomeWhite(int channels, int size) {
    Shard shard = images(40, channels, 3);
    Normalization normalization =
        channels == 1
            ? Normalization.NONE
            : new Normalization(
                Collections.nCopies(channels, 0.4),
                IntStream.range(0, channels).mapToObj(i -> 0.2 + 0.1 * i).toList());
    int pixels = channels * size * size;

    double[][] filters =
        new Whitening("first", size, 1e-9)
            .filters(2 * pixels, PatchStatistics.of(shard, size), normalization);

    double[][] covariance = answers(shard, filters, size, normalization);
    for (int a = 0; a < pixels; a++) {
      for (int b = 0; b < pixels; b++) {
        assertThat(covariance[a][b]).isCloseTo(a == b ? 1 : 0, within(1e-5));
      }
      for (int i = 0; i < pixels; i++) {
        assertThat(filters[pixels + a][i]).isEqualTo(-filters[a][i]);
      }
    }
  }

  private static double[][] answers(
      Shard shard, double[][] filters, int size, Normalization normalization) {
    int half = filters.length / 2;
    double[] sums = new double[half];
    double[][] products = new double[half][half];
    int patches = 0;
    ImageShape image = shard.image();
    for (int example = 0; example < shard.size(); example++) {
      for (int row = 0; row + size <= image.height(); row++) {
        for (int column = 0; column + size <= image.width(); column++) {
          patches++;
          double[] answer = new double[half];
          for (int filter = 0; filter < half; filter++) {
            for (int i = 0; i < filters[filter].length; i++) {
              int channel = i / (size * size);
              double value =
                  pixel(shard, example, channel, row + i / size % size, column + i % size) / 255;
              answer[filter] +=
                  filters[filter][i]
                      * (value - normalization.mean(channel))
                      / normalization.standardDeviation(channel);
            }
          }
          for (int a = 0; a < half; a++) {
            sums[a] += answer[a];
            for (int b = 0; b < half; b++) {
              products[a][b] += answer[a] * answer[b];
            }
          }
        }
      }
    }
    for (int a = 0; a < half; a++) {
      for (int b = 0; b < half; b++) {
        products[a][b] = products[a][b] / patches - sums[a] / patches * (sums[b] / patches);
      }
    }
    return products;
  }

  @Test
  void theSumsDoNotDependOnHowTheImagesAreDivided() {
    Shard whole = images(11, 3, 5);
    long[] sums = PatchStatistics.of(whole, 2);

    for (int at : new int[] {0, 1, 4, 11}) {
      long[] left = PatchStatistics.of(part(whole, 0, at), 2);
      long[] right = PatchStatistics.of(part(whole, at, 11), 2);
      assertThat(plus(right, left)).isEqualTo(sums);
    }
    assertThat(sums).hasSize(12 + 78 + 1).endsWith(11 * 5 * 6);
  }

  @Test
  void fewerFiltersTakeTheLargestEigenvalues() {
    long[] sums = PatchStatistics.of(images(20, 3, 7), 2);
    Whitening whitening = new Whitening("first", 2, EPSILON);

    double[][] all = whitening.filters(24, sums, Normalization.NONE);
    double[][] some = whitening.filters(6, sums, Normalization.NONE);

    assertThat(some[2]).isEqualTo(all[2]);
    assertThat(some[5]).isEqualTo(all[14]);
    assertThat(length(all[0])).isLessThan(length(all[11]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> whitening.filters(26, sums, Normalization.NONE))
        .withMessageContaining("26 filters that whiten patches of 12 pixels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> whitening.filters(5, sums, Normalization.NONE));
  }

  private static double length(double[] vector) {
    return Arrays.stream(vector).map(each -> each * each).sum();
  }

  /** Images of one color have no variance: epsilon keeps the filters finite. */
  @Test
  void imagesOfOneColorGiveFiniteFilters() {
    Shard flat = new Shard(new ImageShape(3, 4, 4), 2, new byte[96], new short[2]);

    double[][] filters =
        new Whitening("first", 2, EPSILON)
            .filters(24, PatchStatistics.of(flat, 2), Normalization.NONE);

    for (double[] filter : filters) {
      assertThat(length(filter)).isCloseTo(1 / EPSILON, within(1e-6));
    }
  }

  @Test
  void theStateHasThemAndNothingElseChanges() {
    NetworkBlueprint blueprint = NetworkBlueprint.of("small", network("input"));
    long[] sums = PatchStatistics.of(images(20, 3, 7), 2);
    ComputationGraph graph = blueprint.build();
    ModelState fresh = GraphState.capture(graph);
    List<Whitening> layers = Whitening.of(graph.getConfiguration());

    assertThat(layers).containsExactly(new Whitening("first", 2, EPSILON));
    ModelState state = layers.get(0).in(fresh, ParameterLayout.of(graph), sums, Normalization.NONE);

    GraphState.restore(graph, state);
    double[][] filters = layers.get(0).filters(24, sums, Normalization.NONE);
    var weights = graph.getLayer("first").getParam("W");
    for (int i = 0; i < 24; i++) {
      for (int j = 0; j < 12; j++) {
        assertThat(weights.getFloat(i, j / 4, j / 2 % 2, j % 2)).isEqualTo((float) filters[i][j]);
      }
    }
    int changed = 0;
    for (int i = 0; i < fresh.parameters().length; i++) {
      changed += fresh.parameters()[i] == state.parameters()[i] ? 0 : 1;
    }
    assertThat(changed).isEqualTo(24 * 12);
    GraphState.close(graph);
  }

  @Test
  void withoutImagesTheFiltersAreThoseOfWhiteNoise() {
    ComputationGraph graph = new ComputationGraph(network("input"));
    graph.init();

    var weights = graph.getLayer("first").getParam("W").reshape('c', 24, 12);
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        double expected = i == j ? 1 / Math.sqrt(1 + EPSILON) : 0;
        assertThat(weights.getDouble(i, j)).isCloseTo(expected, within(1e-7));
        assertThat(weights.getDouble(12 + i, j)).isCloseTo(-expected, within(1e-7));
      }
    }
    GraphState.close(graph);
  }

  @Test
  void onlyAFirstLayerWhitens() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Whitening.of(network("before")))
        .withMessageContaining("layer first whitens images, but is not the network's first");
  }

  private static ComputationGraphConfiguration network(String from) {
    GraphBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(6, 7, 3));
    if (!from.equals("input")) {
      layers.addLayer(from, new ConvolutionBlock.Builder().nOut(3).build(), "input");
    }
    return layers
        .addLayer(
            "first",
            new ConvolutionBlock.Builder()
                .nOut(24)
                .kernelSize(2)
                .same(false)
                .weightInit(new WhiteningStart(EPSILON))
                .build(),
            from)
        .addLayer("output", new SoftmaxOutput(2), "first")
        .setOutputs("output")
        .build();
  }
}
