package io.involution.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Packs the classes of a benchmark's job that the job jar does not have. */
final class JobJar {
  private JobJar() {}

  /**
   * Writes the jar.
   *
   * @param folder the target, created if missing
   * @param types everything that the job needs besides the job jar, nested classes included
   */
  static Path write(Path folder, List<Class<?>> types) throws IOException {
    Path jar = Files.createDirectories(folder).resolve("job.jar").toAbsolutePath();
    try (JarOutputStream jars = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> type : types) {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream bytes = type.getResourceAsStream("/" + name)) {
          jars.putNextEntry(new JarEntry(name));
          bytes.transferTo(jars);
        }
      }
    }
    return jar;
  }
}
