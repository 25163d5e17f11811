package io.involution.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is in the job jar, and what Spark has to bring. */
class JobJarIT {
  private static final Path JAR =
      Path.of(System.getProperty("job.jar", "target/involution-spark.jar"));

  /** What keeps its name, and why. */
  private static final Map<String, String> KEPT =
      Map.of(
          "org/deeplearning4j/", "users' networks and saved models name its classes",
          "org/eclipse/deeplearning4j/", "part of DL4J",
          "org/datavec/", "part of DL4J, and of its interfaces",
          "org/nd4j/", "users' networks and saved models name its classes",
          "onnx/", "ND4J's own interfaces, and files that it reads, name them",
          "tensorflow/", "ND4J's own interfaces, and files that it reads, name them",
          "org/tensorflow/", "ND4J's own interfaces, and files that it reads, name them",
          "org/bytedeco/", "native libraries look for their classes by name",
          "com/sun/jna/", "a native library looks for its classes by name",
          "org/apache/spark/TaskContextHelper", "must be in Spark's package, see isDl4js");

  @Test
  void leavesOutWhatSparkProvides() throws IOException {
    List<String> sparks =
        List.of(
            "org/apache/spark/",
            "org/apache/hadoop/",
            "org/apache/logging/",
            "org/apache/commons/compress/",
            "org/apache/commons/io/",
            "org/apache/commons/lang3/",
            "org/apache/commons/math3/",
            "com/esotericsoftware/",
            "com/fasterxml/",
            "com/google/common/",
            "org/slf4j/",
            "scala/");
    assertThat(entries())
        .noneMatch(entry -> sparks.stream().anyMatch(entry::startsWith) && !isDl4js(entry))
        .noneMatch(entry -> entry.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"));
  }

  @Test
  void holdsAllOurClasses() throws IOException {
    Path classes = Path.of("target", "classes");
    try (Stream<Path> files = Files.walk(classes)) {
      List<String> ours =
          files
              .filter(Files::isRegularFile)
              .map(file -> classes.relativize(file).toString())
              .toList();
      assertThat(ours).isNotEmpty();
      assertThat(entries()).containsAll(ours);
    }
  }

  @Test
  void holdsOurTarReaderUnderANameOfItsOwn() throws IOException {
    assertThat(entries())
        .contains("io/involution/shaded/compress/archivers/tar/TarArchiveInputStream.class")
        .filteredOn(entry -> entry.startsWith("io/involution/shaded/compress/"))
        .hasSizeLessThan(80);
  }

  /** A user's own version of anything else cannot meet ours. */
  @Test
  void whatIsNotOursHasANameOfItsOwnOrAReason() throws IOException {
    List<String> classes = entries().stream().filter(entry -> entry.endsWith(".class")).toList();
    assertThat(classes)
        .allMatch(
            entry ->
                entry.startsWith("io/involution/")
                    || KEPT.keySet().stream().anyMatch(entry::startsWith));
    for (String kept : KEPT.keySet()) {
      assertThat(classes).as(kept).anyMatch(entry -> entry.startsWith(kept));
    }
  }

  @Test
  void ourClassesAndDl4jsUseTheNewNames() throws IOException {
    Pattern old =
        Pattern.compile(
            "(?<!shaded/)(picocli/|oshi/[ahjsu]|com/typesafe/config|org/jfree|org/apache/batik"
                + "|org/apache/xmlgraphics|org/apache/commons/net|org/threeten|net/ericaro"
                + "|com/jakewharton|de/javakaffee|com/google/thirdparty"
                + "|org/apache/commons/compress/archivers)");
    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (JarEntry entry : jar.stream().filter(each -> isReader(each.getName())).toList()) {
        String names =
            new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(old.matcher(names).find()).as(entry.getName()).isFalse();
      }
    }
  }

  private static boolean isReader(String entry) {
    return entry.endsWith(".class")
        && entry.matches("(io/involution/(?!shaded)|org/(deeplearning4j|nd4j/(?!shade))).*");
  }

  @Test
  void everyServiceIsThereUnderTheNameThatItsFileGives() throws IOException {
    Set<String> entries = entries();
    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (String file : entries) {
        if (file.matches("META-INF/services/.+")) {
          assertThat(
                  text(jar, file)
                      .lines()
                      .map(line -> line.replaceAll("#.*", "").strip())
                      .filter(line -> !line.isEmpty())
                      .map(line -> line.replace('.', '/') + ".class"))
              .as(file)
              .isNotEmpty()
              .isSubsetOf(entries);
        }
      }
    }
  }

  @Test
  void holdsTheNativesOfOnePlatformOnly() throws IOException {
    assertThat(entries().stream().filter(entry -> entry.matches(".*\\.(so|dll|dylib)(\\.\\d+)?")))
        .isNotEmpty()
        .allMatch(entry -> entry.matches(".*/linux-x86[-_]64/.*"));
  }

  @Test
  void holdsTheLicensesAndNoticesOfAllThatItHolds() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      String licenses = text(jar, "META-INF/THIRD-PARTY.txt");
      List<JarEntry> artifacts =
          jar.stream().filter(entry -> entry.getName().endsWith("/pom.properties")).toList();
      assertThat(artifacts).hasSizeGreaterThan(40);
      for (JarEntry entry : artifacts) {
        Properties artifact = new Properties();
        artifact.load(jar.getInputStream(entry));
        String group = artifact.getProperty("groupId");
        String name = artifact.getProperty("artifactId");
        boolean listed =
            licenses.contains("\n" + group + "  ")
                || licenses.contains("\n" + group + ":" + name + "  ");
        if (!listed && !group.equals("io.involution")) {
          assertThat(licenses).contains(insideNd4j(name, artifact.getProperty("version")));
        }
      }
      assertThat(text(jar, "META-INF/NOTICE"))
          .contains("Jackson JSON processor", "Apache Commons Net", "Apache Batik")
          .contains("Apache XML Graphics Commons");
      assertThat(text(jar, "META-INF/licenses/Apache-2.0.txt")).contains("Version 2.0");
    }
  }

  /** What the list says of an artifact that ND4J holds under another name. */
  private static String insideNd4j(String name, String version) {
    String project = name.replaceFirst("^(jackson)-.*|^(protobuf-java)-util$", "$1$2");
    boolean versioned =
        List.of("jackson", "protobuf-java", "snakeyaml", "woodstox-core", "guava")
            .contains(project);
    return versioned ? project + " " + version : project;
  }

  private static String text(JarFile jar, String entry) throws IOException {
    byte[] bytes = jar.getInputStream(jar.getJarEntry(entry)).readAllBytes();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void namesItsMainClassVersionAndCommit() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      var attributes = jar.getManifest().getMainAttributes();
      assertThat(attributes.getValue("Main-Class")).isEqualTo("io.involution.cli.Main");
      assertThat(attributes.getValue("Implementation-Version")).matches("\\d+\\.\\d+\\.\\d+.*");
      assertThat(attributes.getValue("Build-Commit")).matches("[0-9a-f]{40}(-dirty)?|unknown");
    }
  }

  /** dl4j-spark keeps a class of its own in Spark's package, to call what is package-private. */
  private static boolean isDl4js(String entry) {
    return entry.endsWith("/") || entry.startsWith("org/apache/spark/TaskContextHelper");
  }

  private static Set<String> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().map(JarEntry::getName).collect(Collectors.toSet());
    }
  }
}
