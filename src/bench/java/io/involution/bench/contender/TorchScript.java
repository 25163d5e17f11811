package io.involution.bench.contender;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Loads a PyTorch module whose methods are given as TorchScript, as a module file holds it. So all
 * of PyTorch's operations can be reached, not only those that DJL has methods for, and a training
 * step is one call into native code.
 */
final class TorchScript {
  /** A pickled instance of the class {@code __torch__.Network} whose one field is training=True. */
  private static final byte[] INSTANCE = {
    (byte) 0x80,
    2,
    'c',
    '_',
    '_',
    't',
    'o',
    'r',
    'c',
    'h',
    '_',
    '_',
    '\n',
    'N',
    'e',
    't',
    'w',
    'o',
    'r',
    'k',
    '\n',
    ')',
    (byte) 0x81,
    '}',
    '(',
    'X',
    8,
    0,
    0,
    0,
    't',
    'r',
    'a',
    'i',
    'n',
    'i',
    'n',
    'g',
    (byte) 0x88,
    'u',
    'b',
    '.'
  };

  /** A pickled empty tuple. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private static final String HEADER =
      """
      class Network(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
      """;

  private TorchScript() {}

  /** Loads a module with the given methods, indented by two spaces. */
  static PtSymbolBlock load(NDManager manager, String methods) {
    try {
      ByteArrayInputStream archive = new ByteArrayInputStream(archive(methods));
      return JniUtils.loadModule((PtNDManager) manager, archive, false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] archive(String methods) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "data.pkl", INSTANCE);
      put(zip, "code/__torch__.py", (HEADER + methods).getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", NO_CONSTANTS);
      put(zip, "version", "10\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry("network/" + name));
    zip.write(content);
    zip.closeEntry();
  }
}
