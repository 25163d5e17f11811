package io.involution.device;

import io.involution.compute.NativeEnvironment;
import io.involution.device.Device.Engine;
import io.involution.failure.InputException;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.linalg.factory.Nd4j;

/** The GPUs that ND4J computes on in this process: each is checked once, before its first use. */
public final class ProcessGpus {
  private static final Map<String, Device> KNOWN = new ConcurrentHashMap<>();

  private ProcessGpus() {}

  /**
   * A GPU that ND4J can use.
   *
   * @param address Spark's name of the GPU: its number on the host
   * @param place the name of the process, for error messages
   * @throws InputException naming place, GPU and fix when it cannot be used
   */
  public static synchronized Device use(String address, String place) {
    Device known = KNOWN.get(address);
    if (known == null) {
      known =
          find(address, NvidiaSmi.onPath().ask(), System.getenv(VisibleDevices.VARIABLE), place);
      requireCode(known.gpu(), place);
      // nvidia-smi numbers GPUs by PCI bus, CUDA by speed unless this variable is set.
      NativeEnvironment.set("CUDA_DEVICE_ORDER", "PCI_BUS_ID", "GPUs may be mixed up");
      Nd4jStart.load(Backend.CUDA, place);
      requireSeen(known, place);
      KNOWN.put(address, known);
    }
    return known;
  }

  /**
   * The GPU of an address, as far as nvidia-smi and the environment tell.
   *
   * @param address Spark's name of the GPU
   * @param answer what nvidia-smi says
   * @param visible the list of GPUs that the process sees; null for all
   * @param place the name of the process, for error messages
   * @throws InputException when it is not there
   */
  public static Device find(String address, NvidiaSmi.Answer answer, String visible, String place) {
    int index = index(address);
    if (answer.fault() != null) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s cannot use GPU %s (%s): install NVIDIA's driver 510 or newer there, or use"
                  + " --device cpu",
              place,
              address,
              answer.fault()));
    }
    Gpu gpu =
        answer.gpus().stream()
            .filter(candidate -> candidate.index() == index)
            .findFirst()
            .orElseThrow(
                () ->
                    new InputException(
                        String.format(
                            Locale.ROOT,
                            "%s was given GPU %s, and nvidia-smi lists %d there: correct the"
                                + " discovery script",
                            place,
                            address,
                            answer.gpus().size())));
    OptionalInt position = VisibleDevices.position(gpu, visible);
    if (position.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s was given GPU %s, which %s=%s hides: unset the variable, or add the GPU to it",
              place,
              address,
              VisibleDevices.VARIABLE,
              visible));
    }
    return new Device(gpu, position.getAsInt(), Engine.ND4J);
  }

  /** Whether ND4J has code for the GPU. */
  static void requireCode(Gpu gpu, String place) {
    if (!CudaCode.runsOn(gpu.computeCapability())) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s cannot use %s: %s; take another GPU, or leave out --gpu-engine nd4j",
              place,
              gpu.shown(),
              CudaCode.needed()));
    }
  }

  private static void requireSeen(Device device, String place) {
    int seen = Nd4j.getAffinityManager().getNumberOfDevices();
    if (device.position() >= seen) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s was given %s, and CUDA sees %d GPUs there: see that the process may use it",
              place,
              device.gpu().shown(),
              seen));
    }
  }

  private static int index(String address) {
    if (!address.matches("\\d{1,4}")) {
      throw new InputException(
          "GPU address '" + address + "' is not a number: correct the discovery script");
    }
    return Integer.parseInt(address);
  }
}
