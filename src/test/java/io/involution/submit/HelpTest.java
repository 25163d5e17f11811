package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help in a fresh clone, where there is nothing but the scripts: no Java, no Maven, no build. */
class HelpTest {
  private static final Path HELP = Path.of("submit", "help");

  private static String say(String... words) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().keySet().removeAll(List.of("JAVA_HOME", "SPARK_HOME"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static List<String> commands() throws IOException {
    try (Stream<Path> files = Files.list(HELP)) {
      return files
          .map(file -> file.getFileName().toString().replace(".txt", ""))
          .filter(name -> !name.equals("commands"))
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local-cluster", "standalone", "yarn", "k8s"})
  void everyTargetShowsEveryCommandsHelp(String target) throws IOException, InterruptedException {
    String script = "submit/" + target;
    assertThat(say(script, "--help"))
        .contains("Usage: " + script + " ", Files.readString(HELP.resolve("commands.txt")));
    for (String command : commands()) {
      List<String> words = new ArrayList<>(List.of(script));
      words.addAll(List.of(command.split("-")));
      words.add("--help");

      assertThat(say(words.toArray(String[]::new)))
          .startsWith("Usage: " + script + " " + command.replace('-', ' ') + " [OPTIONS]")
          .isEqualTo(
              Files.readString(HELP.resolve(command + ".txt")).replace("submit/TARGET", script));
    }
  }

  @Test
  void helpTakesLessThanASecond() throws IOException, InterruptedException {
    long start = System.nanoTime();
    say("submit/local", "train", "--help");
    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
  }
}
