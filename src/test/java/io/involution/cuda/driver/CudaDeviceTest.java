package io.involution.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.cuda.EmulatedCuda;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calls of NVIDIA's driver, on the emulated one. */
class CudaDeviceTest {
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
    }
    EmulatedCuda.reset();
  }

  /** Reverses 64 numbers on the device. */
  private void reverse(DeviceMemory memory) {
    device.launch(device.kernel("emulation", "reverse"), new Grid(1, 64), memory.address(), 1);
  }

  private static float[] numbers(int count, long seed) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat();
    }
    return numbers;
  }

  @Test
  void copiesMoreThanThePinnedMemoryHolds() {
    float[] numbers = numbers(PinnedBuffer.BYTES / Float.BYTES * 2 + 123, 1);
    float[] written = numbers.clone();
    DeviceMemory memory = device.allocate((long) Float.BYTES * numbers.length);
    device.write(memory.address(), written);
    Arrays.fill(written, Float.NaN);
    assertThat(device.readFloats(memory.address(), numbers.length)).isEqualTo(numbers);
  }

  @Test
  void copiesNumbersOfAllKindsAndZeros() {
    DeviceMemory memory = device.allocate(1 << 10);
    device.copies().zero(memory.address(), 64);
    device.write(memory.floatsAt(1), 7, -8);
    device.write(memory.floatsAt(4), (byte) 1, (byte) 2, (byte) 3);
    assertThat(device.readInts(memory.address(), 6)).containsExactly(0, 7, -8, 0, 0x030201, 0);
    device.copies().write(memory.address(), new float[] {1, 2, 3, 4}, 1, 2);
    assertThat(device.readFloats(memory.address(), 2)).containsExactly(2, 3);
    long one = Double.doubleToLongBits(1.5);
    device.write(memory.address(), (int) one, (int) (one >>> 32));
    assertThat(device.readDoubles(memory.address(), 1)).containsExactly(1.5);
  }

  @Test
  void manySmallCopiesDoNotOverwriteEachOther() {
    int count = 3 * PinnedBuffer.BYTES / 16 / 100;
    DeviceMemory memory = device.allocate((long) Integer.BYTES * count);
    int[] expected = new int[count];
    int[] padding = new int[100];
    DeviceMemory elsewhere = device.allocate(Integer.BYTES * 100L);
    for (int i = 0; i < count; i++) {
      expected[i] = i * 31;
      device.write(memory.floatsAt(i), expected[i]);
      device.write(elsewhere.address(), padding);
    }
    assertThat(device.readInts(memory.address(), count)).isEqualTo(expected);
  }

  @Test
  void repeatsWhatItHasRecorded() {
    float[] numbers = numbers(64, 2);
    DeviceMemory memory = device.allocate(256);
    device.write(memory.address(), numbers);
    Kernel kernel = device.kernel("emulation", "reverse");
    CudaGraph graph =
        device.capture(() -> device.launch(kernel, new Grid(1, 64), memory.address(), 1));
    assertThat(device.readFloats(memory.address(), 64)).isEqualTo(numbers);
    device.replay(graph);
    assertThat(device.readFloats(memory.address(), 1)[0]).isEqualTo(numbers[63]);
    device.replay(graph);
    assertThat(device.readFloats(memory.address(), 64)).isEqualTo(numbers);
    graph.close();
  }

  @Test
  void anErrorWhileRecordingLeavesTheDeviceUsable() {
    DeviceMemory memory = device.allocate(256);
    float[] numbers = numbers(64, 3);
    assertThatThrownBy(
            () ->
                device.capture(
                    () -> {
                      throw new IllegalStateException("mine");
                    }))
        .hasMessage("mine");
    assertThatThrownBy(() -> device.capture(() -> device.write(memory.address(), numbers)))
        .isInstanceOf(CudaFault.class)
        .hasMessageContaining("cuMemcpyHtoDAsync_v2");
    device.write(memory.address(), numbers);
    reverse(memory);
    assertThat(device.readFloats(memory.address(), 1)[0]).isEqualTo(numbers[63]);
  }

  @Test
  void namesTheCallAndTheReasonOfARefusal() {
    assertThatThrownBy(() -> device.kernel("emulation", "nothing"))
        .isInstanceOf(CudaFault.class)
        .hasMessageMatching(
            "kernel nothing of emulation: cuModuleGetFunction: CUDA_ERROR_NOT_FOUND, .*500.*");
    assertThatThrownBy(() -> device.kernel("nothing", "nothing"))
        .hasMessage("the job holds no kernels /io/involution/cuda/nothing.ptx");
    assertThatThrownBy(() -> device.allocate(1L << 40))
        .isInstanceOfSatisfying(
            CudaFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(CudaFault.Kind.OUT_OF_MEMORY))
        .hasMessageMatching("needed 1048576.0 MiB, free are [0-9.]+ of 16384.0 MiB: cuMemAlloc.*");
    assertThat(device.readFloats(device.allocate(4).address(), 1)).hasSize(1);
  }

  @Test
  void refusesArgumentsAndGridsThatNoKernelHas() {
    Kernel kernel = device.kernel("emulation", "reverse");
    assertThatThrownBy(() -> device.launch(kernel, new Grid(1, 64), 'x', 1))
        .hasMessage("argument 0 of reverse is no Long, Integer, Float or Double");
    assertThatThrownBy(() -> new Grid(0, 64)).hasMessageContaining("an empty grid");
    assertThatThrownBy(() -> new Grid(1, 70_000, 1, 64)).hasMessageContaining("too large a grid");
    assertThat(Grid.covering(129, 64)).isEqualTo(new Grid(3, 64));
  }

  @Test
  void aLostDeviceStaysLostAndCanBeClosed() {
    DeviceMemory memory = device.allocate(256);
    EmulatedCuda.set("LOST_AFTER", 0);
    reverse(memory);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> device.synchronize())
          .isInstanceOfSatisfying(
              CudaFault.class,
              fault -> assertThat(fault.kind()).isEqualTo(CudaFault.Kind.DEVICE_LOST))
          .hasMessageContaining("CUDA_ERROR_UNKNOWN");
    }
    memory.close();
    device.close();
    device.close();
    assertThatThrownBy(() -> device.synchronize()).hasMessage("the device is closed");
  }

  @Test
  void isUsedByOneThreadAfterTheOther() {
    DeviceMemory memory = device.allocate(256);
    CudaDevice other = CudaDevice.open(EmulatedCuda.library(), 0);
    float[] numbers = numbers(64, 4);
    CompletableFuture.runAsync(() -> device.write(memory.address(), numbers)).join();
    other.freeBytes();
    assertThat(device.readFloats(memory.address(), 64)).isEqualTo(numbers);
    long free = device.freeBytes();
    other.allocate(1 << 20);
    assertThat(device.freeBytes()).isLessThan(free);
    other.close();
    assertThat(device.freeBytes()).isEqualTo(free);
  }

  @ParameterizedTest
  @CsvSource({
    "2, OUT_OF_MEMORY", "46, DEVICE_LOST", "700, DEVICE_LOST", "702, DEVICE_LOST",
    "710, DEVICE_LOST", "719, DEVICE_LOST", "999, DEVICE_LOST", "218, DRIVER_TOO_OLD",
    "222, DRIVER_TOO_OLD", "209, DEVICE_TOO_OLD", "100, NO_DEVICE", "101, NO_DEVICE",
    "1, REFUSED", "500, REFUSED", "701, REFUSED"
  })
  void codesHaveAMeaning(int code, CudaFault.Kind kind) {
    assertThat(CudaFault.of("cuCall", code, "CUDA_ERROR, why"))
        .hasMessage("cuCall: CUDA_ERROR, why (error " + code + ")")
        .extracting(CudaFault::kind)
        .isEqualTo(kind);
  }

  @Test
  void saysWhatTheDeviceIs() {
    EmulatedCuda.set("NAME", "NVIDIA H100 MIG 1g.10gb");
    EmulatedCuda.set("CAPABILITY", "7.5");
    EmulatedCuda.set("DRIVER", 12040);
    CudaLibrary library = EmulatedCuda.library();
    assertThat(library.driverName()).isEqualTo("12.4");
    DeviceFacts facts = library.devices().get(0);
    assertThat(facts.capability()).isEqualTo("7.5");
    assertThat(facts.identifier()).matches("MIG-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(facts.memoryBytes()).isEqualTo(1L << 34);
    assertThatThrownBy(() -> CudaDevice.open(library, 1))
        .isInstanceOfSatisfying(
            CudaFault.class, fault -> assertThat(fault.kind()).isEqualTo(CudaFault.Kind.NO_DEVICE));
  }

  @Test
  void refusesOldDriversAndDevicesAndMissingLibraries() {
    EmulatedCuda.set("CAPABILITY", "7.0");
    assertThatThrownBy(() -> device.kernel("emulation", "reverse"))
        .isInstanceOfSatisfying(
            CudaFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(CudaFault.Kind.DEVICE_TOO_OLD))
        .hasMessageStartingWith("kernels emulation: cuModuleLoadDataEx: ");
    EmulatedCuda.set("DRIVER", 10020);
    assertThatThrownBy(EmulatedCuda::library)
        .isInstanceOfSatisfying(
            CudaFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(CudaFault.Kind.DRIVER_TOO_OLD))
        .hasMessage("the driver is for CUDA 10.2; the kernels need one for 11.0");
    assertThatThrownBy(() -> CudaLibrary.of("libnothing.so.9"))
        .isInstanceOfSatisfying(
            CudaFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(CudaFault.Kind.LIBRARY_MISSING))
        .hasMessageStartingWith("libnothing.so.9 cannot be loaded: ");
  }
}
