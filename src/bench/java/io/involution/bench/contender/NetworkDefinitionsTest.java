package io.involution.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.bench.BenchNetwork;
import io.involution.bench.Contender;
import io.involution.bench.NetworkSize;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be checked of the peers' networks without their natives. */
class NetworkDefinitionsTest {
  private static NetworkSize size(TorchNetwork network) {
    long trainable = network.parameters().stream().mapToLong(TorchParameter::length).sum();
    return new NetworkSize(trainable, network.statistics());
  }

  @ParameterizedTest
  @EnumSource
  void convolutionsHaveTheReferencesParameters(TorchConvolution network) {
    assertThat(size(network)).isEqualTo(BenchNetwork.CONVOLUTION.size());
  }

  @ParameterizedTest
  @EnumSource
  void involutionsHaveTheReferencesParameters(TorchInvolution network) {
    assertThat(size(network)).isEqualTo(BenchNetwork.INVOLUTION.size());
  }

  @ParameterizedTest
  @EnumSource
  void everyContenderHasAProgram(Contender contender) throws ReflectiveOperationException {
    List<String> command = contender.command(Path.of("target"), 1);
    Class<?> program = Class.forName(command.get(command.size() - 1));
    assertThat(program.getMethod("main", String[].class)).isNotNull();
  }

  @Test
  void optionsReadBack() {
    ContenderOptions options =
        new ContenderOptions(BenchNetwork.INVOLUTION, 2, 256, 16, 10, "stack-broadcast");
    assertThat(ContenderOptions.parse(options.arguments().toArray(String[]::new)))
        .isEqualTo(options);
  }

  @Test
  void bothOrdersHoldTheSamePixels() {
    BenchData data = new BenchData(2);
    float[] planes = data.channelsFirst(1);
    float[] pixels = data.channelsLast(1);
    int row = 5;
    int column = 7;
    int channel = 2;
    assertThat(pixels[3072 + (row * 32 + column) * 3 + channel])
        .isEqualTo(planes[3072 + channel * 1024 + row * 32 + column]);
  }
}
