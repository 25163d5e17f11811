package io.involution.cluster;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whether the classes of the job, compiled against the default Spark, find everything that they
 * name in another one.
 */
final class Linkage {
  private static final List<String> THEIRS =
      List.of("org.apache.spark.", "scala.", "org.apache.hadoop.", "com.fasterxml.jackson.");

  private final SparkHome home;

  Linkage(SparkHome home) {
    this.home = home;
  }

  /** The methods, constructors and fields that are not there with the types that we name. */
  SortedSet<String> missing() throws IOException {
    SortedSet<String> missing = new TreeSet<>();
    try (URLClassLoader theirs = new URLClassLoader(jars(), ClassLoader.getPlatformClassLoader())) {
      for (JavaClass each : new ClassFileImporter().importPath(Path.of("target/classes"))) {
        for (JavaAccess<?> access : each.getAccessesFromSelf()) {
          AccessTarget target = access.getTarget();
          if (THEIRS.stream().anyMatch(target.getOwner().getName()::startsWith)
              && !isIn(theirs, target)) {
            missing.add(target.getFullName() + " in " + each.getSimpleName());
          }
        }
      }
    }
    return missing;
  }

  private URL[] jars() throws IOException {
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> jars = Files.list(home.folder().resolve("jars"))) {
      for (Path jar : jars.toList()) {
        urls.add(url(jar));
      }
    }
    return urls.toArray(URL[]::new);
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  private static boolean isIn(ClassLoader theirs, AccessTarget target) {
    try {
      Class<?> owner = Class.forName(target.getOwner().getName(), false, theirs);
      if (!(target instanceof CodeUnitAccessTarget unit)) {
        return hierarchy(owner)
            .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
            .anyMatch(field -> field.getName().equals(target.getName()));
      }
      List<String> wanted = unit.getRawParameterTypes().stream().map(JavaClass::getName).toList();
      if (unit.getName().equals("<init>")) {
        return Arrays.stream(owner.getDeclaredConstructors())
            .anyMatch(found -> names(found.getParameterTypes()).equals(wanted));
      }
      String result = unit.getRawReturnType().getName();
      return hierarchy(owner)
          .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
          .anyMatch(
              found ->
                  found.getName().equals(unit.getName())
                      && found.getReturnType().getName().equals(result)
                      && names(found.getParameterTypes()).equals(wanted));
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      return false;
    }
  }

  /** A class with all that it inherits from. */
  private static Stream<Class<?>> hierarchy(Class<?> type) {
    Stream<Class<?>> above =
        Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()));
    Stream<Class<?>> all = Stream.concat(Stream.of(type), above.flatMap(Linkage::hierarchy));
    return type.isInterface() ? Stream.concat(all, Stream.of(Object.class)) : all;
  }

  private static List<String> names(Class<?>[] types) {
    return Arrays.stream(types).map(Class::getName).toList();
  }
}
