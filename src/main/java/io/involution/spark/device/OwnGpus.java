package io.involution.spark.device;

import io.involution.cuda.GoldenTraining;
import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.CudaFault;
import io.involution.cuda.driver.CudaLibrary;
import io.involution.cuda.driver.DeviceFacts;
import io.involution.device.Device;
import io.involution.device.Device.Engine;
import io.involution.device.Gpu;
import io.involution.device.NvidiaSmi;
import io.involution.device.ProcessGpus;
import io.involution.device.VisibleDevices;
import io.involution.failure.InputException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The GPUs that the job's own kernels compute on: each is opened once before its first use. */
public final class OwnGpus {
  private static final int LEAST_CAPABILITY = 75;
  private static final Map<String, Device> KNOWN = new ConcurrentHashMap<>();
  private static CudaLibrary library;

  private OwnGpus() {}

  /**
   * NVIDIA's driver in this process.
   *
   * @throws CudaFault when it cannot be used
   */
  public static synchronized CudaLibrary library() {
    if (library == null) {
      library = CudaLibrary.of(CudaLibrary.NAME);
    }
    return library;
  }

  /**
   * A GPU that the kernels run on.
   *
   * @param address Spark's name of the GPU: its number on the host
   * @param place the name of the process, for error messages
   * @throws InputException naming place, GPU and fix when it cannot be used
   */
  static synchronized Device use(String address, String place) {
    Device known = KNOWN.get(address);
    if (known == null) {
      String visible = System.getenv(VisibleDevices.VARIABLE);
      NvidiaSmi.Answer answer = NvidiaSmi.onPath().ask();
      Gpu gpu = ProcessGpus.find(address, answer, visible, place).gpu();
      known = opened(gpu, OwnGpus::library, place);
      KNOWN.put(address, known);
    }
    return known;
  }

  /**
   * Takes the short trainings on a GPU.
   *
   * @return those that do not give the bits that every GPU gives
   * @throws InputException when the GPU cannot be used
   */
  public static List<String> otherBits(Device device) {
    try {
      return GoldenTraining.differing(library(), device.position());
    } catch (CudaFault e) {
      throw GpuFaults.of(Devices.place(), device.gpu(), e);
    }
  }

  /**
   * Opens a GPU once, to see that it can be.
   *
   * @param cuda loads the driver
   */
  static Device opened(Gpu gpu, Supplier<CudaLibrary> cuda, String place) {
    try {
      DeviceFacts found = find(gpu, cuda.get().devices(), place);
      CudaDevice.open(cuda.get(), found.ordinal()).close();
      return new Device(gpu, found.ordinal(), Engine.OWN);
    } catch (CudaFault e) {
      throw new InputException(GpuFaults.line(place, gpu, e), e);
    }
  }

  /**
   * The GPU that nvidia-smi means, among those that the driver shows to this process.
   *
   * @throws InputException when it is not there, or is divided, or too old
   */
  static DeviceFacts find(Gpu gpu, List<DeviceFacts> devices, String place) {
    DeviceFacts found =
        devices.stream()
            .filter(device -> device.identifier().equals(gpu.uuid()))
            .findFirst()
            .orElseThrow(() -> new InputException(absent(gpu, devices, place)));
    if (found.major() * 10 + found.minor() < LEAST_CAPABILITY) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s cannot use %s: the kernels need compute capability 7.5 or newer; take another"
                  + " GPU, --device cpu, or --gpu-engine nd4j with the job jar that -Pcuda builds",
              place,
              gpu.shown()));
    }
    return found;
  }

  private static String absent(Gpu gpu, List<DeviceFacts> devices, String place) {
    boolean divided = devices.stream().anyMatch(device -> device.identifier().startsWith("MIG-"));
    return String.format(
        Locale.ROOT,
        "%s cannot use %s: %s",
        place,
        gpu.shown(),
        divided
            ? "it is divided into MIG slices, which have no number of their own; turn MIG off"
                + " (nvidia-smi -mig 0), or take another GPU"
            : String.format(
                Locale.ROOT,
                "the driver shows the process %s; see that it may use %s",
                devices.isEmpty()
                    ? "no GPU"
                    : devices.stream()
                        .map(DeviceFacts::identifier)
                        .collect(Collectors.joining(", ")),
                gpu.uuid()));
  }
}
