package io.involution.cuda.driver;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.involution.compute.NativeFolders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** NVIDIA's driver, loaded and initialized. For use by any threads. */
public final class CudaLibrary {
  /** The driver's library on Linux. */
  public static final String NAME = "libcuda.so.1";

  /** CUDA 11.0: the oldest driver that loads the kernels. */
  public static final int OLDEST_DRIVER = 11_000;

  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int NAME_BYTES = 256;
  private static final int UUID_BYTES = 16;

  private final NativeLibrary library;
  private final Map<String, DriverCall> calls = new ConcurrentHashMap<>();

  private CudaLibrary(NativeLibrary library) {
    this.library = library;
  }

  /**
   * Loads the driver.
   *
   * @param name {@link #NAME} or a path
   * @throws CudaFault when it cannot be loaded, is too old or finds no device at all
   */
  public static CudaLibrary of(String name) {
    NativeFolders.prepare();
    CudaLibrary cuda;
    try {
      cuda = new CudaLibrary(NativeLibrary.getInstance(name));
    } catch (UnsatisfiedLinkError e) {
      throw new CudaFault(
          CudaFault.Kind.LIBRARY_MISSING, name + " cannot be loaded: " + e.getMessage(), e);
    }
    cuda.call("cuInit").call(0);
    if (cuda.driverVersion() < OLDEST_DRIVER) {
      throw new CudaFault(
          CudaFault.Kind.DRIVER_TOO_OLD,
          "the driver is for CUDA " + cuda.driverName() + "; the kernels need one for 11.0");
    }
    return cuda;
  }

  /** The newest CUDA that the driver knows, as 1000 * major + 10 * minor. */
  public int driverVersion() {
    IntByReference version = new IntByReference();
    call("cuDriverGetVersion").call(version);
    return version.getValue();
  }

  /** The newest CUDA that the driver knows, such as 12.4. */
  public String driverName() {
    int version = driverVersion();
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** What the process' devices are, by their ordinals; CUDA_VISIBLE_DEVICES has its say. */
  public List<DeviceFacts> devices() {
    IntByReference count = new IntByReference();
    call("cuDeviceGetCount").call(count);
    return IntStream.range(0, count.getValue()).mapToObj(this::facts).toList();
  }

  /**
   * What a device is.
   *
   * @throws CudaFault when there is no such device
   */
  public DeviceFacts facts(int ordinal) {
    int device = device(ordinal);
    Memory name = new Memory(NAME_BYTES);
    call("cuDeviceGetName").call(name, NAME_BYTES, device);
    Memory uuid = new Memory(UUID_BYTES);
    firstOf("cuDeviceGetUuid_v2", "cuDeviceGetUuid").call(uuid, device);
    LongByReference bytes = new LongByReference();
    call("cuDeviceTotalMem_v2").call(bytes, device);
    return new DeviceFacts(
        ordinal,
        name.getString(0, "UTF-8"),
        uuid(uuid.getByteArray(0, UUID_BYTES)),
        attribute(CAPABILITY_MAJOR, device),
        attribute(CAPABILITY_MINOR, device),
        bytes.getValue());
  }

  /** The driver's handle of a device. */
  int device(int ordinal) {
    IntByReference device = new IntByReference();
    call("cuDeviceGet").call(device, ordinal);
    return device.getValue();
  }

  /**
   * A function of the driver.
   *
   * @throws CudaFault when the driver is too old to have it
   */
  DriverCall call(String name) {
    return calls.computeIfAbsent(name, this::lookUp);
  }

  /** A newer function where the driver has it, else an older one that takes the same. */
  DriverCall firstOf(String newer, String older) {
    return call(has(newer) ? newer : older);
  }

  /**
   * What a function makes, whose first argument says where to put it.
   *
   * @param arguments the others
   */
  Pointer made(String function, Object... arguments) {
    PointerByReference pointer = new PointerByReference();
    Object[] all = new Object[arguments.length + 1];
    all[0] = pointer;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    call(function).call(all);
    return pointer.getValue();
  }

  boolean has(String name) {
    try {
      return library.getFunction(name) != null;
    } catch (UnsatisfiedLinkError absent) {
      return false;
    }
  }

  CudaFault fault(String name, int code) {
    return CudaFault.of(name, code, said("cuGetErrorName", code) + said(code));
  }

  private String said(int code) {
    String text = said("cuGetErrorString", code);
    return text.isEmpty() ? "" : ", " + text;
  }

  private String said(String function, int code) {
    PointerByReference text = new PointerByReference();
    library.getFunction(function).invokeInt(new Object[] {code, text});
    Pointer found = text.getValue();
    return found == null ? "" : found.getString(0, "UTF-8");
  }

  private DriverCall lookUp(String name) {
    try {
      Function function = library.getFunction(name);
      return new DriverCall(this, name, function);
    } catch (UnsatisfiedLinkError e) {
      throw new CudaFault(CudaFault.Kind.DRIVER_TOO_OLD, "the driver has no function " + name, e);
    }
  }

  private int attribute(int attribute, int device) {
    IntByReference value = new IntByReference();
    call("cuDeviceGetAttribute").call(value, attribute, device);
    return value.getValue();
  }

  private static String uuid(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) {
        text.append('-');
      }
      text.append(String.format(Locale.ROOT, "%02x", bytes[i]));
    }
    return text.toString();
  }
}
