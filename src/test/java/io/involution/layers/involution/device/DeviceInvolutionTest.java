package io.involution.layers.involution.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.layers.InvolutionAgainstDefinitionTest;
import io.involution.layers.InvolutionFixture;
import io.involution.layers.PathChoice;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a device would run, run on the CPU, against the CPU's own code. */
class DeviceInvolutionTest {
  static List<InvolutionAgainstDefinitionTest.Case> cases() {
    return InvolutionAgainstDefinitionTest.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainingAgrees(InvolutionAgainstDefinitionTest.Case setting) {
    check(setting, DataType.FLOAT, true, 1e-5);
    check(setting, DataType.DOUBLE, true, 1e-10);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inferenceAgrees(InvolutionAgainstDefinitionTest.Case setting) {
    check(setting, DataType.FLOAT, false, 1e-5);
    check(setting, DataType.DOUBLE, false, 1e-10);
  }

  private static void check(
      InvolutionAgainstDefinitionTest.Case setting, DataType type, boolean training, double most) {
    long seed = setting.steadySeed(training);
    String label = setting + " " + type + " seed " + seed;
    InvolutionFixture host = setting.fixture(type, seed);
    InvolutionFixture device = setting.fixture(type, seed);
    device.layer.choose(PathChoice.DEVICE);
    INDArray input = setting.pixels(type, seed);
    INDArray output = host.forward(input, training);
    INDArray epsilon = setting.gradient(type, output, seed);
    assertClose(device.forward(input, training), output, most, label + " output");
    INDArray inputGradient = host.backward(epsilon);
    assertClose(device.backward(epsilon), inputGradient, most, label + " input gradient");
    assertClose(device.gradient, host.gradient, most, label + " gradient");
    assertClose(device.parameters, host.parameters, most, label + " statistics");
    assertClose(device.layer.kernel(input), host.layer.kernel(input), most, label + " kernel");
  }

  private static void assertClose(INDArray actual, INDArray expected, double most, String label) {
    assertThat(actual.shape()).as(label).isEqualTo(expected.shape());
    double error = actual.sub(expected).norm2Number().doubleValue();
    assertThat(error).as(label).isLessThanOrEqualTo(most * expected.norm2Number().doubleValue());
  }
}
