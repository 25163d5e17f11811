package io.involution.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The classes of this package that a run's own JVMs need, as a jar for {@code --jars}. */
final class SoakJar {
  private SoakJar() {}

  /** Writes the jar. */
  static Path write(Path folder) {
    Path jar = folder.resolve("soak.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path type : classes()) {
        out.putNextEntry(new JarEntry("io/involution/soak/" + type.getFileName()));
        Files.copy(type, out);
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> classes() throws IOException {
    Path here;
    try {
      here = Path.of(SoakJar.class.getResource("SoakJar.class").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    try (Stream<Path> files = Files.list(here)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }
}
