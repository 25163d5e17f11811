package io.involution.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.PointerByReference;
import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.CudaFault;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the emulation of CUDA finds in kernels and in those who launch them. */
class EmulatedCudaTest {
  private CudaDevice device;

  @BeforeEach
  void open() {
    EmulatedCuda.fresh();
    device = CudaDevice.open(EmulatedCuda.library(), 0);
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
      EmulatedCuda.reset();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void sumsAreTheSameInEveryOrder(int order) {
    EmulatedCuda.set("ORDER", order);
    int blocks = 5;
    int n = 777;
    Random random = new Random(3);
    float[] x = new float[blocks * n];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat();
    }
    DeviceMemory from = device.allocate(4L * x.length);
    DeviceMemory sums = device.allocate(4L * blocks);
    DeviceMemory wide = device.allocate(8L * blocks);
    device.write(from.address(), x);
    launch("sums", blocks, 128, from.address(), sums.address(), wide.address(), n);
    float[] got = device.readFloats(sums.address(), blocks);
    double[] doubles = device.readDoubles(wide.address(), blocks);
    for (int block = 0; block < blocks; block++) {
      float[] lanes = new float[128];
      for (int i = 0; i < n; i++) {
        lanes[i % 128] += x[block * n + i];
      }
      assertThat(got[block]).isEqualTo(tree(lanes));
      double all = 0;
      for (float lane : lanes) {
        all += lane;
      }
      assertThat(doubles[block]).isCloseTo(all, within(1e-9));
    }
  }

  private static float tree(float[] lanes) {
    float sum = 0;
    for (int warp = 0; warp < lanes.length; warp += 32) {
      float[] values = Arrays.copyOfRange(lanes, warp, warp + 32);
      for (int apart = 16; apart > 0; apart /= 2) {
        for (int i = 0; i < apart; i++) {
          values[i] += values[i + apart];
        }
      }
      sum = warp == 0 ? values[0] : sum + values[0];
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "7, 1", "0, 0", "1, 0", "7, 0"})
  void aMissingBarrierReadsNotANumber(int order, int waits) {
    EmulatedCuda.set("ORDER", order);
    float[] x = new float[64];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    DeviceMemory memory = device.allocate(4L * x.length);
    device.write(memory.address(), x);
    launch("reverse", 1, 64, memory.address(), waits);
    float[] got = device.readFloats(memory.address(), x.length);
    int notThere = 0;
    for (float value : got) {
      notThere += Float.isNaN(value) ? 1 : 0;
    }
    assertThat(notThere > 0).isEqualTo(waits == 0);
    assertThat(waits == 0 || got[0] == 63).isTrue();
  }

  @Test
  void functionsAreNearlyExact() {
    Random random = new Random();
    int n = 4000;
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = i % 2 == 0 ? random.nextFloat(-87, 88) : (float) Math.exp(random.nextDouble(-80, 80));
    }
    x[0] = Float.NaN;
    x[2] = -1000;
    x[4] = 0;
    x[6] = 1000;
    DeviceMemory from = device.allocate(4L * n);
    DeviceMemory exponentials = device.allocate(4L * n);
    DeviceMemory logarithms = device.allocate(8L * n);
    device.write(from.address(), x);
    launch("functions", 40, 128, from.address(), exponentials.address(), logarithms.address(), n);
    float[] exp = device.readFloats(exponentials.address(), n);
    double[] log = device.readDoubles(logarithms.address(), n);
    assertThat(exp[0]).isNaN();
    assertThat(exp[2]).isEqualTo(0);
    assertThat(exp[4]).isEqualTo(1);
    assertThat(exp[6]).isEqualTo(Float.POSITIVE_INFINITY);
    for (int i = 8; i < n; i++) {
      if (i % 2 == 0) {
        float want = (float) Math.exp(x[i]);
        assertThat(Math.abs(exp[i] - want))
            .as("exp %s", x[i])
            .isLessThanOrEqualTo(2 * Math.ulp(want));
      } else {
        double want = Math.log(x[i]);
        assertThat(Math.abs(log[i] - want))
            .as("log %s", x[i])
            .isLessThanOrEqualTo(2 * Math.ulp(want));
      }
    }
  }

  @Test
  void aBarrierInOneBranchIsReported() {
    DeviceMemory memory = device.allocate(4L * 64);
    launch("diverge", 1, 64, memory.address());
    assertThatThrownBy(device::synchronize).isInstanceOf(CudaFault.class);
  }

  @Test
  void anExchangeInOneBranchIsReported() {
    DeviceMemory memory = device.allocate(4L * 64);
    launch("exchangeApart", 1, 64, memory.address());
    assertThatThrownBy(device::synchronize).isInstanceOf(CudaFault.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 64})
  void aWriteBesideAnAllocationIsReported(int index) {
    DeviceMemory memory = device.allocate(4L * 64);
    launch("writeBeyond", 1, 1, memory.address(), index);
    assertThatThrownBy(device::synchronize).hasMessageContaining("700");
  }

  /**
   * Copies are made when they are waited for: a host's buffer that is used again too early shows.
   */
  @Test
  void copiesTakeWhatTheHostsMemoryHoldsLater() {
    NativeLibrary library = NativeLibrary.getInstance(EmulatedCuda.path().toString());
    DeviceMemory memory = device.allocate(4);
    PointerByReference stream = new PointerByReference();
    call(library, "cuStreamCreate", stream, 0);
    Memory from = new Memory(4);
    Memory to = new Memory(4);
    from.setFloat(0, 1);
    call(library, "cuMemcpyHtoDAsync_v2", memory.address(), from, 4L, stream.getValue());
    from.setFloat(0, 2);
    call(library, "cuMemcpyDtoHAsync_v2", to, memory.address(), 4L, stream.getValue());
    assertThat(to.getFloat(0)).isNaN();
    call(library, "cuStreamSynchronize", stream.getValue());
    assertThat(to.getFloat(0)).isEqualTo(2);
    assertThat(code(library, "cuMemcpyDtoHAsync_v2", to, memory.address(), 8L, stream.getValue()))
        .as("beyond the allocation")
        .isEqualTo(1);
    call(library, "cuStreamBeginCapture_v2", stream.getValue(), 1);
    assertThat(code(library, "cuMemcpyDtoHAsync_v2", to, memory.address(), 4L, stream.getValue()))
        .as("while a graph is recorded")
        .isEqualTo(900);
    assertThat(code(library, "cuStreamEndCapture", stream.getValue(), new PointerByReference()))
        .isEqualTo(901);
  }

  private static void call(NativeLibrary library, String function, Object... arguments) {
    assertThat(code(library, function, arguments)).as(function).isZero();
  }

  private static int code(NativeLibrary library, String function, Object... arguments) {
    return library.getFunction(function).invokeInt(arguments);
  }

  @Test
  void oneOfTwoDevicesIsLost() {
    EmulatedCuda.fresh();
    EmulatedCuda.set("DEVICES", 2);
    EmulatedCuda.set("NAME", "first,second");
    EmulatedCuda.set("LOST_AFTER", "-1,0");
    try (CudaDevice second = CudaDevice.open(EmulatedCuda.library(), 1)) {
      assertThat(second.facts().name()).isEqualTo("second");
      DeviceMemory memory = second.allocate(256);
      Kernel kernel = second.kernel("emulation", "reverse");
      second.launch(kernel, new Grid(1, 1, 1, 64), memory.address(), 1);
      assertThatThrownBy(second::synchronize).hasMessageContaining("999");
      assertThatThrownBy(second::synchronize).hasMessageContaining("999");
    }
    device = CudaDevice.open(EmulatedCuda.library(), 0);
    DeviceMemory memory = device.allocate(256);
    EmulatedCuda.set("REFUSE", "diverge");
    launch("reverse", 1, 64, memory.address(), 1);
    device.synchronize();
    assertThatThrownBy(() -> launch("diverge", 1, 64, memory.address()))
        .hasMessageContaining("701");
  }

  private void launch(String name, int blocks, int threads, Object... arguments) {
    Kernel kernel = device.kernel("emulation", name);
    device.launch(kernel, new Grid(blocks, 1, 1, threads), arguments);
  }
}
