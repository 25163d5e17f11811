package io.involution.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Secrets of many kinds, wherever a run can be given one. No value has a word in it that Spark
 * hides by itself.
 */
final class PlantedSecrets {
  /** What every value begins with. */
  static final String VALUE = "pl4nted";

  /** Settings in the site's file: cloud storage, executors' variables, key stores, Spark's own. */
  private static final List<String> SITE =
      List.of(
          "spark.hadoop.fs.azure.account.key.me.dfs.core.windows.net",
          "spark.hadoop.fs.gs.auth.service.account.private.key",
          "spark.executorEnv.DB_PASS",
          "spark.ssl.historyServer.keyStorePassword",
          "spark.authenticate.secret");

  private static final List<String> TYPED =
      List.of("spark.hadoop.fs.s3a.secret.key", "spark.my.passphrase");

  private final Map<String, String> environment = new TreeMap<>();
  private final Path folder;
  private final String config;

  /**
   * Writes the files that hold some of them.
   *
   * @param mlflow a tracking server's address, with the text {@code USER} for the user information
   */
  PlantedSecrets(Path folder, String mlflow) throws IOException {
    this.folder = folder;
    Path site = Files.createDirectory(folder.resolve("site"));
    Files.writeString(
        site.resolve("spark-defaults.conf"),
        SITE.stream().map(name -> name + " " + value(name) + "\n").collect(Collectors.joining()));
    environment.put("SPARK_CONF_DIR", site.toString());
    environment.put("AWS_SECRET_ACCESS_KEY", value("AWS_SECRET_ACCESS_KEY"));
    environment.put("MLFLOW_TRACKING_TOKEN", value("MLFLOW_TRACKING_TOKEN"));
    environment.put("https_proxy", "http://me:" + value("proxy") + "@127.0.0.1:9/");
    String address = mlflow.replace("USER", "me:" + value("mlflow") + "@");
    Path file =
        Files.writeString(site.resolve("train.conf"), "train.mlflow = \"" + address + "\"\n");
    config = file.toString();
  }

  /** Environment variables of the run. */
  Map<String, String> environment() {
    return environment;
  }

  /** Options before the command. */
  static List<String> submitOptions() {
    return TYPED.stream().flatMap(name -> Stream.of("--conf", name + "=" + value(name))).toList();
  }

  /** A file of options for the command. */
  String config() {
    return config;
  }

  /** A path of this machine as a URI with user information. */
  static String uri(Path path) {
    return "vault://key:" + value("uri") + "@host" + path;
  }

  private static String value(String name) {
    return VALUE + Integer.toHexString(name.hashCode());
  }

  /** The files in folders that hold one, without those that were planted there. */
  List<String> inFiles(List<Path> folders) {
    return folders.stream()
        .flatMap(each -> files(each).stream())
        .filter(file -> !file.startsWith(folder.resolve("site")))
        .filter(file -> !file.startsWith(folder.resolve("data")))
        .filter(file -> text(file).contains(VALUE))
        .map(Path::toString)
        .toList();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The command lines of a process and of those that it started, as {@code ps} shows them to
   * everybody. What was typed is taken away: no program can hide that.
   */
  static List<String> commandLines(ProcessHandle process, List<String> typed) {
    return Stream.concat(Stream.of(process), process.descendants())
        .map(each -> commandLine(Path.of("/proc", "" + each.pid(), "cmdline"), typed))
        .toList();
  }

  private static String commandLine(Path file, List<String> typed) {
    try {
      return Stream.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"))
          .filter(word -> !typed.contains(word))
          .collect(Collectors.joining(" "));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
