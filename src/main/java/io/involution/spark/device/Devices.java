package io.involution.spark.device;

import io.involution.config.DeviceChoice;
import io.involution.config.GpuEngineChoice;
import io.involution.cuda.driver.CudaFault;
import io.involution.device.Backend;
import io.involution.device.Device;
import io.involution.device.Nd4jStart;
import io.involution.device.ProcessGpus;
import io.involution.failure.InputException;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;

/** Decides which device a task computes on: never silently falls back from a GPU to the CPU. */
public final class Devices {
  private static final String GPU = "gpu";

  /** Spark's id of the executor that is the driver. */
  private static final String DRIVER = "driver";

  private Devices() {}

  /**
   * The device of the calling task, ready to be used.
   *
   * @throws InputException when there is none that matches what the user asked for
   */
  public static Device ofTask(DeviceChoice choice, TaskContext task) {
    String place = place();
    List<String> addresses = addresses(task);
    Backend backend = Backend.here();
    boolean gpu = choosesGpu(choice, addresses, backend, place);
    if (gpu && backend == Backend.CUDA) {
      return ProcessGpus.use(addresses.get(0), place);
    }
    // What computes on a GPU takes the initial weights from ND4J's network too.
    Nd4jStart.load(backend, place);
    return gpu ? OwnGpus.use(addresses.get(0), place) : Device.CPU;
  }

  /**
   * The exception that ends a task whose GPU has failed. If the GPU is lost to an executor, that is
   * an error that ends the executor, and it is thrown here.
   */
  public static RuntimeException failed(Device device, CudaFault fault) {
    return GpuFaults.of(place(), device.gpu(), fault);
  }

  /** The name of this process in error messages. */
  static String place() {
    SparkEnv environment = SparkEnv.get();
    String host = environment.blockManager().blockManagerId().host();
    return isDriver(environment)
        ? "the driver on " + host
        : String.format(Locale.ROOT, "executor %s on %s", environment.executorId(), host);
  }

  /** The GPUs of the calling task. */
  static List<String> addresses(TaskContext task) {
    if (isDriver(SparkEnv.get())) {
      // In a single JVM the GPUs belong to the driver and Spark assigns none to tasks: take turns.
      List<String> all = ofDriver(JavaSparkContext.fromSparkContext(SparkContext.getOrCreate()));
      return all.isEmpty() ? all : List.of(all.get(task.partitionId() % all.size()));
    }
    return addresses(task.resourcesJMap().get(GPU));
  }

  /** The GPUs that Spark assigned to the driver. */
  static List<String> ofDriver(JavaSparkContext context) {
    return addresses(context.resources().get(GPU));
  }

  private static List<String> addresses(ResourceInformation gpus) {
    return gpus == null ? List.of() : List.of(gpus.addresses());
  }

  private static boolean isDriver(SparkEnv environment) {
    return environment.executorId().equals(DRIVER);
  }

  /**
   * The decision itself.
   *
   * @param choice what the user asked for
   * @param addresses the GPUs that Spark assigned to the task
   * @param backend what ND4J in the job jar computes on; the job's own kernels are in every jar
   * @param place the name of the process, for error messages
   * @return whether the task computes on its first GPU
   * @throws InputException when choice, assignment and jar do not match
   */
  static boolean choosesGpu(
      DeviceChoice choice, List<String> addresses, Backend backend, String place) {
    if (choice == DeviceChoice.CPU && backend == Backend.CUDA) {
      throw new InputException(
          "--device cpu, but the job jar computes on GPUs: use the jar that is built without"
              + " -Pcuda");
    }
    boolean given = !addresses.isEmpty();
    if (choice == DeviceChoice.GPU && !given) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--device gpu, but Spark gave the task on %s no GPU: add --gpus-per-executor 1, or"
                  + " use --device cpu",
              place));
    }
    if (choice == DeviceChoice.AUTO && !given && backend == Backend.CUDA) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the job jar computes on GPUs, but Spark gave the task on %s none: add"
                  + " --gpus-per-executor 1",
              place));
    }
    return choice != DeviceChoice.CPU && given;
  }

  /**
   * Checks that the job jar has what is to compute on GPUs.
   *
   * @throws InputException when it has not
   */
  public static void require(GpuEngineChoice engine) {
    require(engine, Backend.here());
  }

  static void require(GpuEngineChoice engine, Backend backend) {
    if (engine == GpuEngineChoice.ND4J && backend == Backend.CPU) {
      throw new InputException(
          "--gpu-engine nd4j needs the job jar that is built with -Pcuda: use that jar, or leave"
              + " --gpu-engine out");
    }
    if (engine == GpuEngineChoice.OWN && backend == Backend.CUDA) {
      throw new InputException(
          "the job jar is built with -Pcuda, so ND4J computes on the GPUs: use the jar that is"
              + " built without -Pcuda, or add --gpu-engine nd4j");
    }
  }
}
