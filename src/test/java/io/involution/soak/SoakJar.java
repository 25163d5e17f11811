package io.involution.soak;

import io.involution.files.Content;
import io.involution.files.Disk;
import io.involution.files.LocalDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The test classes of a package that a run's own JVMs need, as a jar for {@code --jars}. */
public final class SoakJar {
  private SoakJar() {}

  /** Writes the jar of this package. */
  static Path write(Path folder) {
    return write(folder, SoakJar.class);
  }

  /** Writes the jar of the package that a class is in. */
  public static Path write(Path folder, Class<?> member) {
    Path jar = folder.resolve(member.getSimpleName() + ".jar");
    String place = member.getPackageName().replace('.', '/') + "/";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path type : classes(member)) {
        out.putNextEntry(new JarEntry(place + type.getFileName()));
        Files.copy(type, out);
      }
      for (Class<?> type : List.of(Disk.class, LocalDisk.class, Content.class)) {
        add(out, type);
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Spark makes the file system before it loads the job jar. */
  private static void add(JarOutputStream out, Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
      out.putNextEntry(new JarEntry(name));
      bytes.transferTo(out);
    }
  }

  private static List<Path> classes(Class<?> member) throws IOException {
    Path here;
    try {
      here = Path.of(member.getResource(member.getSimpleName() + ".class").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    try (Stream<Path> files = Files.list(here)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }
}
