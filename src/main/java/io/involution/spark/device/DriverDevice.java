package io.involution.spark.device;

import io.involution.device.Backend;
import io.involution.device.Device;
import io.involution.device.HostName;
import io.involution.device.Nd4jStart;
import io.involution.device.NvidiaSmi;
import io.involution.device.ProcessGpus;
import io.involution.device.VisibleDevices;
import io.involution.failure.InputException;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The driver's device: the driver builds every network, but trains none. With the CUDA job jar even
 * this needs a GPU, and a missing one should be reported at the start.
 */
public final class DriverDevice {
  private static volatile Device device;

  private DriverDevice() {}

  /**
   * Prepares it for the calling thread.
   *
   * @param context the cluster, which may have assigned GPUs to the driver
   * @throws InputException naming what is missing and the fix
   */
  public static void require(JavaSparkContext context) {
    // With the jar for CPUs, ND4J can be loaded with the first network.
    if (Backend.here() == Backend.CUDA) {
      require(Devices.ofDriver(context));
    }
  }

  /** The same without a cluster, or after {@link #require(JavaSparkContext)}. */
  public static void require() {
    require(List.of());
  }

  private static void require(List<String> addresses) {
    Device mine = device;
    if (mine == null) {
      mine = find(addresses, Backend.here());
      device = mine;
    }
    if (mine.onGpu()) {
      Nd4j.getAffinityManager().unsafeSetDevice(mine.position());
    }
  }

  private static Device find(List<String> addresses, Backend backend) {
    String place = "the driver on " + HostName.orElse("an unknown host");
    if (backend == Backend.CPU) {
      Nd4jStart.load(backend, place);
      return Device.CPU;
    }
    String address =
        addresses.isEmpty() ? anyGpu(NvidiaSmi.onPath().ask(), place) : addresses.get(0);
    return ProcessGpus.use(address, place);
  }

  /**
   * Chooses a GPU for a driver to which Spark has assigned none.
   *
   * @param answer what nvidia-smi says
   * @param place the name of the process, for error messages
   * @return the GPU's number on the host
   * @throws InputException when there is none
   */
  public static String anyGpu(NvidiaSmi.Answer answer, String place) {
    if (answer.fault() != null) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the job jar computes on GPUs, and %s, which builds the networks, has none (%s):"
                  + " install NVIDIA's driver there, start it elsewhere (--deploy-mode cluster), or"
                  + " use the jar that is built without -Pcuda",
              place,
              answer.fault()));
    }
    String visible = System.getenv(VisibleDevices.VARIABLE);
    return answer.gpus().stream()
        .filter(gpu -> VisibleDevices.position(gpu, visible).isPresent())
        .findFirst()
        .map(gpu -> String.valueOf(gpu.index()))
        .orElseThrow(
            () ->
                new InputException(
                    String.format(
                        Locale.ROOT,
                        "%s=%s hides every GPU of %s: unset the variable",
                        VisibleDevices.VARIABLE,
                        visible,
                        place)));
  }
}
