package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A project folder: this one, or a copy of its scripts in which a stub stands for Maven. */
record Project(Path folder) {
  /** Notes each call, takes a while, and makes the files that Maven would. */
  private static final String STUB_MAVEN =
      """
      #!/usr/bin/env bash
      echo "$*" >>"$STUB_LOG"
      sleep "${STUB_SECONDS:-0.1}"
      if [[ ${STUB_FAILS:-} == yes ]]; then exit 1; fi
      for word in "$@"; do
        case $word in
          -DoutputDirectory=*) mkdir -p "${word#*=}" && touch "${word#*=}/spark-core_2.13-0.jar" ;;
          -Djob.jar=*) jar=target/${word#*=}.jar ;;
          package) touch "${jar:-target/involution-spark.jar}" ;;
        esac
      done
      if [[ ${STUB_FAILS:-} == late ]]; then exit 1; fi
      """;

  /** Prints its arguments, one a line. */
  private static final String STUB_SPARK_SUBMIT =
      """
      #!/usr/bin/env bash
      printf '%s\\n' "$@"
      """;

  static Project real() {
    return new Project(Path.of("").toAbsolutePath());
  }

  static Project copyTo(Path folder) throws IOException {
    Path here = real().folder();
    for (String part : new String[] {"submit", "conf"}) {
      try (Stream<Path> files = Files.walk(here.resolve(part))) {
        for (Path file : files.toList()) {
          Path copy = folder.resolve(here.relativize(file));
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    Files.copy(here.resolve("pom.xml"), folder.resolve("pom.xml"));
    Files.createDirectories(folder.resolve("src/main/java"));
    script(folder.resolve("stub/mvn"), STUB_MAVEN);
    script(folder.resolve("spark/bin/spark-submit"), STUB_SPARK_SUBMIT);
    return new Project(folder);
  }

  /** A script of submit/, run with the stub of Maven first on the path where there is one. */
  Command submit(String script, String... arguments) {
    return Command.of(folder, folder.resolve("submit").resolve(script), arguments)
        .with("PATH", folder.resolve("stub") + ":" + System.getenv("PATH"))
        .with("STUB_LOG", folder.resolve("stub/log").toString());
  }

  /** The spark-submit line that a dry run prints, as a shell reads it back: so quoting counts. */
  List<String> line(String script, String... arguments) throws IOException, InterruptedException {
    Command.Result result = submit(script, arguments).run();
    assertThat(result.exitCode()).as(result.err()).isZero();
    if (script.equals("local-cluster")) {
      assertThat(result.err()).hasLineCount(1).contains("spark.authenticate.secret", "by hand");
    } else {
      assertThat(result.err()).isEmpty();
    }
    assertThat(result.out()).hasLineCount(1);
    Command shell = Command.of(folder, Path.of("bash"), "-c", "printf '%s\\n' " + result.out());
    List<String> words = List.of(shell.run().out().split("\n", -1));
    return words.subList(0, words.size() - 1);
  }

  /** How the stub was called so far. */
  String mavenCalls() throws IOException {
    Path log = folder.resolve("stub/log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " could not be made executable");
    }
  }
}
