package io.involution.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernels' modules in a context, compiled for the device by the driver at their first use. */
final class Modules {
  private static final String FOLDER = "/io/involution/cuda/";
  private static final int LOG_BYTES = 8192;
  private static final int ERROR_LOG = 5;
  private static final int ERROR_LOG_BYTES = 6;
  private static final int REGISTERS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Modules.class);
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private final CudaLibrary library;
  private final DeviceFacts facts;
  private final Map<String, Pointer> loaded = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();

  Modules(CudaLibrary library, DeviceFacts facts) {
    this.library = library;
    this.facts = facts;
  }

  Kernel kernel(String module, String name) {
    return kernels.computeIfAbsent(module + "." + name, key -> find(module, name));
  }

  private Kernel find(String module, String name) {
    Pointer from = loaded.computeIfAbsent(module, this::load);
    PointerByReference function = new PointerByReference();
    try {
      library.call("cuModuleGetFunction").call(function, from, name);
      // Drivers load a kernel's code when it is first asked for, which no recording may do.
      library.call("cuFuncGetAttribute").call(new IntByReference(), REGISTERS, function.getValue());
    } catch (CudaFault e) {
      throw e.about("kernel " + name + " of " + module);
    }
    return new Kernel(name, function.getValue());
  }

  private Pointer load(String module) {
    if (!SAID.getAndSet(true)) {
      LOG.info(
          "loading the kernels on {}: at a user's first start there the driver compiles them, which"
              + " takes some seconds",
          facts.name());
    }
    byte[] text = text(module);
    Memory image = new Memory(text.length + 1L);
    image.write(0, text, 0, text.length);
    image.setByte(text.length, (byte) 0);
    Memory log = new Memory(LOG_BYTES);
    log.clear();
    Memory values = new Memory(2L * Long.BYTES);
    values.setPointer(0, log);
    values.setLong(Long.BYTES, LOG_BYTES);
    PointerByReference made = new PointerByReference();
    int[] options = {ERROR_LOG, ERROR_LOG_BYTES};
    try {
      library.call("cuModuleLoadDataEx").call(made, image, options.length, options, values);
    } catch (CudaFault e) {
      String why = log.getString(0, "UTF-8").strip();
      throw (why.isEmpty() ? e : e.about(why)).about("kernels " + module);
    }
    return made.getValue();
  }

  private static byte[] text(String module) {
    String name = FOLDER + module + ".ptx";
    try (InputStream in = Modules.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the job holds no kernels " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() {
    loaded.values().forEach(module -> library.call("cuModuleUnload").attempt(module));
  }
}
